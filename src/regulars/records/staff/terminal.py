"""Whether whoever works at the terminal of the machine has to say who she is."""

from datetime import datetime

from regulars.records.staff.models import TerminalRule


def names_asked() -> bool:
    """Whether nobody works at the terminal without a name."""
    return TerminalRule.objects.filter(named=True).exists()


def set_names_asked(asked: bool, *, asked_by: str, at: datetime) -> None:
    """From now on nobody works there without a name, or whoever has the account does."""
    said = {"named": asked, "since": at, "asked_by": asked_by}
    TerminalRule.objects.update_or_create(id=1, defaults=said)
