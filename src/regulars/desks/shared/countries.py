"""Countries by name."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language


def country_said(code: str) -> str:
    """The country of a code of ISO 3166 in the language of the page; anything else as it is written.

    >>> country_said("CN"), country_said("Narnia")
    ('China', 'Narnia')
    """
    return str(_names(get_language() or "en").get(code, code))


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse("zh_Hans" if language.startswith("zh") else "en").territories)
