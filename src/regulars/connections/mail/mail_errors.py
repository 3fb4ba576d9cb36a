"""A message that cannot be written down, before anything is sent."""

from collections.abc import Mapping

SENTENCES = {
    "bad_address": "{address!r} is not an e-mail address.",
    "bad_message_id": "{message_id!r} is not a message id.",
    "bad_language": "{language!r} is not a language tag.",
    "bad_link": "{link!r} is no link for one-click unsubscribing; it has to begin with https.",
}


class MailError(Exception):
    """A part of the message is not what it has to be. `code` picks the sentence, `values` fill it in."""

    def __init__(self, code: str, values: Mapping[str, object]) -> None:
        self.code = code
        self.values = dict(values)
        super().__init__(SENTENCES[code].format(**values))
