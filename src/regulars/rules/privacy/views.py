"""The privacy views, as data: which rows are there, which cells are shown.

A view is a schema with a login of its own (docs/decisions/0001). What a session may change never decides what it sees.
"""

from dataclasses import dataclass, replace

from regulars.rules.privacy.dictionary import BY_ROW, FOR_PEOPLE, Class, Column


@dataclass(frozen=True, slots=True)
class Within:
    """What somebody's own view is limited to: customers whose home is one of these branches, who bought one of these
    brands and only their lines of them. Empty: not limited by it. Where both are said, both must hold."""

    branches: tuple[int, ...] = ()
    brands: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.branches or self.brands)


@dataclass(frozen=True, slots=True)
class View:
    """One view. `allows` is the customer's boolean that must be true for a row to be there ("" when no row goes).

    `contacts`, `names`, `secrets` say whether contact data, names and sensitive cells are open; `coarser` takes the
    dictionary's coarser form of every column; `renewed_keys` shows the night's key for a customer and rounds amounts;
    `raw_sql` says whether a person may be given a login of her own to it. `moments` leaves moments exact where only the
    day is taken on: a range over them then still finds its month's partition. `within` makes it a view of fewer rows
    for one login, `base` names the view whose cells it shows. `opened_by` names a door: only those customers are there
    of whom the log says that it was opened in the last minutes, so that nobody can list what is opened one by one.
    """

    name: str
    purpose: str
    allows: str = ""
    contacts: bool = False
    names: bool = True
    secrets: bool = False
    exact: bool = False
    coarser: bool = False
    renewed_keys: bool = False
    raw_sql: bool = False
    moments: bool = False
    base: str = ""
    opened_by: str = ""
    within: Within = Within()

    @property
    def cells_of(self) -> str:
        """The view by whose name the dictionary says which tables are in it."""
        return self.base or self.name


VIEWS: tuple[View, ...] = (
    View("standard", "service", raw_sql=True),
    View("personal", "oversight", contacts=True, secrets=True, exact=True),
    View("anonymous", "analysis", names=False, coarser=True, renewed_keys=True, raw_sql=True),
    View("marketing", "direct_marketing", allows="allows_direct_marketing"),
    View("disclosure", "third_party_disclosure", allows="allows_disclosure"),
    View("automated", "automated_decision", allows="allows_automated_decision"),
    View("sensitive", "sensitive_use", allows="allows_sensitive_use", secrets=True),
    View("assigned", "service", opened_by="open_customer"),
    View("opening", "service", contacts=True, opened_by="open_contact"),
    View("repair", "data_care", contacts=True),
    View("delivery", "delivery", allows="allows_direct_marketing", contacts=True),
    View("warehouse", "analysis", names=False, coarser=True, moments=True),
)
BY_NAME = {view.name: view for view in VIEWS}

#: Which view a role looks through, and for what. Bound at sign-in; no session can change it.
ROLES: dict[str, tuple[str, str]] = {
    "marketer": ("marketing", "direct_marketing"),
    "service": ("standard", "service"),
    "officer": ("personal", "oversight"),
    "steward": ("standard", "data_care"),
}


def limited(base: str, role: str, within: Within) -> View:
    """The view of one login: the rows of `base` within those bounds and nothing more; it is called like the login.

    >>> limited("standard", "bi_lin", Within(branches=(3,))).cells_of
    'standard'
    """
    return replace(BY_NAME[base], name=role, base=base, within=within, raw_sql=False)


CONTACT = ("user.contact", "user.government_id")
SHOWN, MASKED = "keep", "gone"


def treatment(column: Column, view: View) -> str:
    """How the view shows the column: "keep", "gone" (NULL), or one of the dictionary's coarsenings.

    >>> from regulars.rules.privacy.dictionary import identifying
    >>> phone = identifying("value", "user.contact.phone", "Phone", "电话")
    >>> treatment(phone, BY_NAME["standard"]), treatment(phone, BY_NAME["personal"])
    ('gone', 'keep')
    """
    if column.hidden:
        return MASKED
    if column.by_row:
        return BY_ROW
    if view.exact:
        return SHOWN
    if view.purpose not in column.purposes or _closed(column, view):
        return MASKED
    return _coarser(column, view) if view.coarser else column.coarse


def _coarser(column: Column, view: View) -> str:
    """The coarser form, but for what only people must not see: keys that link and amounts that single out."""
    if column.coarser in FOR_PEOPLE and not view.renewed_keys:
        return SHOWN
    if view.moments and column.coarser == "day":
        return SHOWN
    return MASKED if column.coarser == "severed" else column.coarser


def _closed(column: Column, view: View) -> bool:
    """Whether the column's class alone keeps it out of the view."""
    if column.class_ is Class.SENSITIVE:
        return not view.secrets
    if column.class_ is not Class.IDENTIFYING:
        return False
    return not (view.contacts if is_contact(column) else view.names)


def is_contact(column: Column) -> bool:
    """Whether the column reaches a person or proves who they are, beyond a name."""
    return column.category.startswith(CONTACT)
