"""Who asks, through which view, for which purpose. Every door wants to know."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asker:
    """A person, token or job that asks for data; bound at sign-in and never switched by the one who asks.

    `view` names the database login (and Django alias) all reading goes through; `purpose` is what that login is for.
    `branches` are the branch ids the asker is assigned to; empty means no restriction by branch.
    `roles` are all the seats of the person, this one among them; empty means no other. They lead to other pages, where
    she asks anew; what is read here goes through `view` alone. `reference` is the case, order or request that the
    asker works on, if any. `place` is where she sits, where that is not a page: the terminal, and the account of the
    operating system that somebody else may share.
    """

    name: str
    role: str
    view: str
    purpose: str
    staff_id: int | None = None
    branches: frozenset[int] = field(default_factory=frozenset)
    reference: str = ""
    language: str = "en"
    roles: frozenset[str] = field(default_factory=frozenset)
    name_zh: str = ""
    place: str = ""

    @property
    def written(self) -> str:
        """How the logs write who it was: her name, and the terminal and its account where she sat at one.

        >>> Asker("Dora", "service", "standard", "service", place="terminal, lin").written
        'Dora (terminal, lin)'
        """
        return f"{self.name} ({self.place})" if self.place else self.name

    def called(self, language: str) -> str:
        """Her name as a page in that language writes it; the log always writes `name`.

        >>> Asker("Qiao Anran", "marketer", "marketing", "direct_marketing", name_zh="乔安然").called("zh-hans")
        '乔安然'
        """
        return self.name_zh if self.name_zh and language.startswith("zh") else self.name

    def has_seat(self, roles: frozenset[str]) -> bool:
        """Whether one of these roles is hers, at this desk or another.

        >>> seats = frozenset({"marketer", "steward"})
        >>> Asker("Mia", "marketer", "marketing", "direct_marketing", roles=seats).has_seat(frozenset({"steward"}))
        True
        """
        return self.role in roles or bool(self.roles & roles)
