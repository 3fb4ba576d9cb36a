"""The family of refusals and mistakes that may reach a person.

RegularsError
├── Denied          somebody asked for what the view, role or assignment does not give
├── NotThere        nothing of that name for this asker (said alike for absent and for hidden)
└── BadInput        a file, form or rule that cannot be understood; carries a code and values for the sentence
"""

from collections.abc import Mapping


class RegularsError(Exception):
    """Root of every error a desk may turn into a sentence. `code` picks the sentence, `values` fill it in."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.values = dict(values or {})
        super().__init__(f"{code} {self.values}" if self.values else code)


class Denied(RegularsError):
    """The asker's view, role or assignment does not give this."""


class NotThere(RegularsError):
    """Absent or hidden: the two look alike from outside."""


class BadInput(RegularsError):
    """Something handed in cannot be used; the code says why, the values say where."""
