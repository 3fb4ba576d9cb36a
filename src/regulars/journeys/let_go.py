"""Data without a living purpose: found, shown to the privacy officer, and gone once the officer has said so.

Every rule only counts at first. The officer sees how much it would take and of whom, and lets it go; from then on the
night shift carries it out in batches.
"""

from datetime import datetime

from regulars.records.dictionary import DICTIONARY
from regulars.records.own_attributes.access import own_attributes
from regulars.records.retention import letting_go
from regulars.records.retention.letting_go import Standing
from regulars.records.set_aside.forgetting import forget_spent_files
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere
from regulars.rules.privacy.retention import Rule, rules_of

NIGHT = Asker("night shift", "house", "none", "oversight")


def retention_rules() -> tuple[Rule, ...]:
    """Every rule of the dictionary and of the company's own attributes."""
    return rules_of(
        DICTIONARY, [(one.id, one.what, one.retired_at is not None) for one in own_attributes(retired=True)]
    )


def how_retention_stands(*, by: Asker) -> list[Standing]:
    """How every rule stands, as last counted. For the officer."""
    return letting_go.standings(retention_rules(), by=by)


def count_retention(*, at: datetime) -> int:
    """How much has outlived its keep now; every rule's own count is kept. Nothing goes."""
    return letting_go.count_outlived(retention_rules(), at=at)


def who_outlived(key: str, *, by: Asker, because: str, at: datetime) -> tuple[int, list[str]]:
    """How much a rule would take, and the numbers of the first customers it is about."""
    return letting_go.outlived(_rule(key), by=by, because=because, at=at)


def let_rule_go(key: str, goes: bool, *, by: Asker, at: datetime) -> None:
    """What the rule finds goes every night from now on, or is only watched again."""
    letting_go.let_go_from_now_on(_rule(key), goes, by=by, at=at)


def keep_no_longer(*, by: Asker = NIGHT, at: datetime, at_once: int = letting_go.AT_ONCE) -> dict[str, int]:
    """Rule → how much of it went now; then everything is counted anew. Killed and called again, it goes on.

    Where the last text of a file's rows set aside went, its key is forgotten too: no backup opens them any more.
    """
    gone = letting_go.let_go(retention_rules(), by=by, at=at, at_once=at_once)
    forget_spent_files()
    count_retention(at=at)
    return gone


def _rule(key: str) -> Rule:
    found = next((rule for rule in retention_rules() if rule.key == key), None)
    if found is None:
        raise NotThere("retention_rule_not_there", {"rule": key[:80]})
    return found
