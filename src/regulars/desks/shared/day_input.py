"""Where a day is picked in a form."""

from django import forms


class DayInput(forms.DateInput):
    """A day to pick. A browser takes what is filled in as ISO 8601 has it, in every language, or shows nothing."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
