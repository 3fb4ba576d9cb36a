"""Who asks, through which view, for which purpose. Every door wants to know."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asker:
    """A person, token or job that asks for data; bound at sign-in and never switched by the one who asks.

    `view` names the database login (and Django alias) all reading goes through; `purpose` is what that login is for.
    `branches` are the branch ids the asker is assigned to; empty means no restriction by branch.
    `reference` is the case, order or request that the asker works on, if any.
    """

    name: str
    role: str
    view: str
    purpose: str
    staff_id: int | None = None
    branches: frozenset[int] = field(default_factory=frozenset)
    reference: str = ""
    language: str = "en"
