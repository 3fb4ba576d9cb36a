"""Who works here and who asks with SQL: hired by a link, seats changed, let go; logins given and taken away.

Secrets are told once. None of these answers is kept for a request that comes twice: what is kept is on the disk.
"""

from datetime import datetime
from typing import Annotated, Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field, StringConstraints

from regulars.connections.company_door import CompanyDoor
from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Id, Key, Line, Said
from regulars.journeys.employ_staff import change_seats, let_go
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login, sql_logins
from regulars.journeys.invite_staff import hire_and_invite, invite
from regulars.journeys.sign_in import reset_factors, sign_out_everywhere, staff_called, who_has_what
from regulars.records.staff.access import SignedIn
from regulars.records.staff.company_accounts import company_accounts
from regulars.records.staff.factors import Factors
from regulars.records.staff.sessions import sessions_of
from regulars.rules.privacy.views import BY_NAME, ROLES, Within

OFFICER: Final = Token("officer")
MOST: Final = 100
Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@+-]{1,150}$")]
Role = Annotated[str, Field(json_schema_extra={"enum": sorted(ROLES)}, pattern=f"^({'|'.join(sorted(ROLES))})$")]
WITH_SQL: Final = sorted(view.name for view in BY_NAME.values() if view.raw_sql)
SqlView = Annotated[str, Field(json_schema_extra={"enum": WITH_SQL}, pattern=f"^({'|'.join(WITH_SQL)})$")]
Places = Annotated[list[Id], Field(max_length=MOST)]
router = Router(tags=["People and logins"])


class Colleague(Schema):
    """Somebody who works here; `needs_reason` are her roles in which files open for a given reason only."""

    username: str
    full_name: str
    full_name_zh: str
    roles: list[str]
    branches: list[int]
    language: str
    needs_reason: list[str]
    app_since: datetime | None
    recovery_codes: int
    passkeys: int


class SeatsWanted(Said):
    """Roles, of which the first is hers by default, and the branches she is bound to; none means all."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=len(ROLES))]
    branches: Places = []


class HireWanted(SeatsWanted):
    """Somebody new."""

    username: Username
    full_name: Annotated[
        str, StringConstraints(max_length=150, pattern=r"^[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$")
    ]
    full_name_zh: Annotated[str, StringConstraints(max_length=150, pattern=r"^[^\u0000-\u001f\u007f]*$")] = ""
    language: Annotated[str, Field(pattern="^(en|zh-hans)$")] = "en"


class InvitationMade(Schema):
    """The address where she sets a password of her own, once and until a moment. Told this once."""

    username: str
    url: str
    ends_at: datetime


class PlaceSignedIn(Schema):
    """One place where somebody is signed in."""

    id: int
    at: datetime
    address: str
    program: str
    factor: str


class SessionsEnded(Schema):
    """How many ended."""

    ended: int


class AnalystLogin(Schema):
    """A database login that was given; null in `revoked_at` while it works."""

    role_name: str
    view: str
    branches: list[int]
    brands: list[str]
    issued_by: str
    issued_at: datetime
    revoked_at: datetime | None


class LoginWanted(Said):
    """For whom, to which view, limited to what; nothing said is no limit."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    view: SqlView = "standard"
    branches: Places = []
    brands: Annotated[list[Line], Field(max_length=MOST)] = []


class LoginGiven(Schema):
    """The login, its password and how to begin. Told this once; the password is kept nowhere."""

    role_name: str
    view: str
    password: str
    command: str


class CompanyAccountTold(Schema):
    """An account at the company's own provider that has been here, and whose it is."""

    username: str
    full_name: str
    issuer: str
    since: datetime
    works_here: bool


class CompanySignIn(Schema):
    """The company's own sign-in: with whom, which of its groups has which seat here (a file on the machine), and who
    came by it. `issuer` is empty where there is none."""

    issuer: str
    seats: dict[str, str]
    accounts: list[CompanyAccountTold]


@router.get("/staff", response=list[Colleague], auth=OFFICER)
def list_colleagues(request: HttpRequest) -> list[Colleague]:
    """Everybody who can sign in, by name, with seats and second steps."""
    return [_colleague(one, factors) for one, factors in who_has_what()]


@router.post("/staff", response={201: InvitationMade}, auth=OFFICER)
def hire_colleague(request: HttpRequest, wanted: HireWanted) -> Status[Any]:
    """Hire somebody; she sets her own password by the link. Where it takes two, 403 `waits_for_second`."""
    return Status(201, hire_and_invite(**wanted.model_dump(), by=asking(request), at=timezone.now()))


@router.put("/staff/{username}/seats", response={204: None}, auth=OFFICER)
def change_colleagues_seats(request: HttpRequest, username: Username, wanted: SeatsWanted) -> Status[None]:
    """Give her these roles and branches; where they changed she is signed out everywhere."""
    change_seats(username, **wanted.model_dump(), by=asking(request))
    return Status(204, None)


@router.delete("/staff/{username}", response={204: None}, auth=OFFICER)
def let_colleague_go(request: HttpRequest, username: Username) -> Status[None]:
    """Let her go: she signs in no more, and is signed out everywhere."""
    let_go(username, by=asking(request))
    return Status(204, None)


@router.post("/staff/{username}/invitation", response={201: InvitationMade}, auth=OFFICER)
def invite_colleague(request: HttpRequest, username: Username) -> Status[Any]:
    """A new link to a password of her own; links from before end."""
    return Status(201, invite(username, by=asking(request), at=timezone.now()))


@router.delete("/staff/{username}/second-step", response={204: None}, auth=OFFICER)
def reset_second_step(request: HttpRequest, username: Username) -> Status[None]:
    """Take her second step away, for a lost telephone; she is signed out everywhere."""
    reset_factors(username, by=asking(request))
    return Status(204, None)


@router.get("/staff/{username}/sessions", response=list[PlaceSignedIn], auth=OFFICER)
def list_colleagues_sessions(request: HttpRequest, username: Username) -> Any:
    """Where she is signed in, the newest first."""
    return sessions_of(staff_called(username).id, at=timezone.now())


@router.delete("/staff/{username}/sessions", response=SessionsEnded, auth=OFFICER)
def end_colleagues_sessions(request: HttpRequest, username: Username) -> SessionsEnded:
    """Sign her out everywhere."""
    return SessionsEnded(ended=sign_out_everywhere(username, by=asking(request)))


@router.get("/sql-logins", response=list[AnalystLogin], auth=OFFICER)
def list_analysts_logins(request: HttpRequest) -> Any:
    """Every database login ever given, the newest first."""
    return sql_logins()


@router.post("/sql-logins", response={201: LoginGiven}, auth=OFFICER)
def give_analyst_login(request: HttpRequest, wanted: LoginWanted) -> Status[Any]:
    """Give an analyst a database login of her own, to one view or a part of it. The password is told this once."""
    within = Within(tuple(sorted(set(wanted.branches))), tuple(sorted(set(wanted.brands))))
    made = give_sql_login(wanted.name, view=wanted.view, within=within, by=asking(request), at=timezone.now())
    return Status(201, made)


@router.delete("/sql-logins/{role_name}", response={204: None}, auth=OFFICER)
def end_analyst_login(request: HttpRequest, role_name: Key) -> Status[None]:
    """End a login, and what it has open."""
    revoke_sql_login(role_name, by=asking(request), at=timezone.now())
    return Status(204, None)


@router.get("/company-sign-in", response=CompanySignIn, auth=OFFICER)
def show_company_sign_in(request: HttpRequest) -> CompanySignIn:
    """The company's own accounts: which of its groups has which seat, and who has come by it."""
    door: CompanyDoor | None = settings.COMPANY_DOOR
    accounts = [CompanyAccountTold.model_validate(one, from_attributes=True) for one in company_accounts()]
    if door is None:
        return CompanySignIn(issuer="", seats={}, accounts=accounts)
    return CompanySignIn(issuer=door.issuer, seats=dict(door.roles), accounts=accounts)


def _colleague(one: SignedIn, factors: Factors) -> Colleague:
    return Colleague(
        username=one.username, full_name=one.full_name, full_name_zh=one.full_name_zh, roles=list(one.roles),
        branches=sorted(one.branches), language=one.language, needs_reason=sorted(one.needs_reason),
        app_since=factors.app_since, recovery_codes=factors.codes_left, passkeys=factors.passkeys,
    )  # fmt: skip
