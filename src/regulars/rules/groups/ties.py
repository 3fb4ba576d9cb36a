"""A file of ties: whose household, whose contact, whose branch. What each row says, whatever its columns are called.

A row names a group, and says who belongs to it, under which other it stands, or both; a group that is not known yet is
told with its kind, and all but a household with a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.cleaning.countries import read_country
from regulars.rules.cleaning.dates import clean_date
from regulars.rules.groups.kinds import AGENT, CHANNEL, COMPANY, HOUSEHOLD, KINDS

#: Meaning → headings that stand for it, in small letters.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "group": ("group", "group number", "reference", "ref", "household", "account", "群组", "群组编号", "家庭",
              "家庭编号", "公司账户"),
    "kind": ("kind", "type", "种类", "类型"),
    "name": ("name", "group name", "company", "company name", "名称", "公司名称", "公司"),
    "company_code": ("company code", "code", "registration", "公司代码", "统一社会信用代码"),
    "country": ("country", "国家"),
    "parent": ("parent", "under", "belongs to", "head office", "上级", "上级群组", "总公司"),
    "customer": ("customer", "customer number", "contact", "member", "客户", "客户号", "联系人", "成员"),
    "role": ("role", "as", "身份", "角色"),
    "since": ("since", "from", "起始日", "自"),
    "until": ("until", "to", "截止日", "至"),
}  # fmt: skip
#: What kinds and roles are called beside their own names.
_KINDS: Final = {
    "家庭": HOUSEHOLD,
    "公司": COMPANY,
    "分公司": COMPANY,
    "branch": COMPANY,
    "代理商": AGENT,
    "渠道": CHANNEL,
}
_ROLES: Final = {
    "成人": "adult", "子女": "child", "儿童": "child", "负责人": "manager", "采购": "buyer", "财务": "accounts",
    "员工": "staff", "contact": "staff", "联系人": "staff", "其他": "other",
}  # fmt: skip
#: As what somebody belongs to a group of that kind when nobody says.
USUAL: Final = {HOUSEHOLD: "adult", COMPANY: "staff", AGENT: "served", CHANNEL: "served"}
TEXTS: Final = ("group", "kind", "name", "company_code", "country", "parent", "customer", "role")
LONGEST: Final = 200
#: What stands for letters that could not be read.
DAMAGED: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Tie:
    """What a row says: of which group (its reference or company code), who belongs to it as what, under which it
    stands, and on which days. What is not said is empty."""

    group: str = ""
    kind: str = ""
    name: str = ""
    company_code: str = ""
    country: str = ""
    parent: str = ""
    customer: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None


def columns_of_ties(headings: Sequence[str]) -> dict[str, int]:
    """Meaning → the place of its column.

    >>> columns_of_ties(["Household", "客户号", "Remark"])
    {'group': 0, 'customer': 1}
    """
    plain = [heading.strip().casefold().replace("_", " ") for heading in headings]
    places = ((meaning, next((plain.index(one) for one in known if one in plain), None))
              for meaning, known in HEADINGS.items())  # fmt: skip
    return {meaning: place for meaning, place in places if place is not None}


def tie_in(cells: Mapping[str, str], *, at: date) -> Tie | str:
    """What the row says, or why it says nothing that can be kept: `tie_names_no_group`, `tie_says_nothing`,
    `tie_kind_unknown`, `tie_country_unknown`, `tie_day_unclear`, `tie_too_long`, `tie_undecodable`.

    >>> tie_in({"group": "H-1", "customer": "C-10042"}, at=date(2026, 3, 1)).customer
    'C-10042'
    >>> tie_in({"customer": "C-10042"}, at=date(2026, 3, 1))
    'tie_names_no_group'
    """
    said = {name: cell.strip() for name, cell in cells.items() if cell and cell.strip()}
    if any(len(cell) > LONGEST or not cell.isprintable() for cell in said.values()):
        return "tie_too_long"
    if any(DAMAGED in cell for cell in said.values()):
        return "tie_undecodable"
    if not (said.get("group") or said.get("company_code")):
        return "tie_names_no_group"
    if not (said.get("customer") or said.get("parent") or said.get("name")):
        return "tie_says_nothing"
    kind = said.get("kind", "")
    said["kind"] = _KINDS.get(kind, kind.casefold())
    if said["kind"] and said["kind"] not in KINDS:
        return "tie_kind_unknown"
    country = read_country(said.get("country", ""))
    if "country" in said and country is None:
        return "tie_country_unknown"
    said["country"] = country or ""
    said["role"] = _ROLES.get(said.get("role", ""), said.get("role", "").casefold())
    since, until = (clean_date(said[name], at=at).value if name in said else None for name in ("since", "until"))
    if (since is None and "since" in said) or (until is None and "until" in said):
        return "tie_day_unclear"
    texts = {name: said.get(name, "") for name in TEXTS}
    return Tie(**texts, since=since, until=until)
