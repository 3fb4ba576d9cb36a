"""Mail addresses made clean. A domain that looks mistyped is pointed at, never replaced: only a message can tell."""

import re
from functools import lru_cache
from typing import Final

from regulars.rules.cleaning.cleaned import NOTHING_LEFT, Cleaned, Notes, unusable
from regulars.rules.cleaning.texts import objection_to, tidied
from regulars.rules.cleaning.writing import HAN

#: What RFC 5321 allows without quotes, and in domains what RFC 5890 calls LDH labels or U-labels.
_SHAPE: Final = re.compile(
    r"[^\s@\"(),:;<>\[\]\\]{1,64}@(?:[^\s@.,;:\"()<>\[\]\\]{1,63}\.)+[^\s@.,;:\"()<>\[\]\\\d]{2,63}\Z"
)
_ANGLES: Final = re.compile(r"^[^<>]*<\s*([^<>]+?)\s*>[^<>]*$")
_LABEL: Final = re.compile(r"^(?:e-?mail|mail|邮箱|电子邮箱|电邮)(?:\s*[:：=]\s*|\s+(?=\S+@\S+$))", re.IGNORECASE)
_AT: Final = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\sat\s|\(ät\)|＠|\s@\s|\s@|@\s)\s*", re.IGNORECASE)
_DOT: Final = re.compile(r"\s*(?:\(dot\)|\[dot\]|\{dot\}|\(punkt\)|。|．)\s*", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\s*[;,、，；/|]\s*|\s+")
_MASKED: Final = re.compile(r"\*{2,}|\*[^@]*@|x{3,}@", re.IGNORECASE)
#: Boxes of a desk and no person.
ROLES: Final = frozenset(
    "info office admin administration kontakt contact sales service support hello mail post team webmaster postmaster"
    " noreply no-reply donotreply reception rezeption empfang zentrale sekretariat accueil booking bookings"
    " reservation reservations reservierung order orders bestellung purchasing einkauf caigou verkauf vertrieb"
    " xiaoshou kundenservice kundendienst kefu accounts accounting billing invoice invoices buchhaltung rechnung"
    " comptabilite caiwu marketing enquiries inquiries hr jobs karriere shop store help feedback 客服 服务 售后"
    " 销售 前台 预订 订单 采购 财务 市场 人事 行政 办公室 总机 信息 联系".split()
)
#: What a desk's box is told from its likes by: info.cn, sales-emea, kefu02.
_OF_WHERE: Final = frozenset("cn hk tw sg jp us uk eu de fr at ch it es emea apac asia global intl china 中国".split())
#: Domains that are nearly always a slip of the finger, and what they are a slip for.
MISTYPED: Final = {
    **dict.fromkeys("gmial.com gmai.com gmal.com gamil.com gnail.com gmail.co gmail.con gmail.cm".split(), "gmail.com"),
    **dict.fromkeys("hotmial.com hotmai.com hotmail.con hotmal.com hotmail.co".split(), "hotmail.com"),
    **dict.fromkeys("outlok.com outlook.con outloo.com outlook.co".split(), "outlook.com"),
    **dict.fromkeys("yaho.com yahoo.con yahooo.com yahoo.co".split(), "yahoo.com"),
    **dict.fromkeys("qq.con qq.cm qq.co qq.cn q.com qqq.com".split(), "qq.com"),
    **dict.fromkeys("163.con 163.cm 136.com 163.cn 163.co".split(), "163.com"),
    **dict.fromkeys("126.con 126.cm 126.cn 126.co".split(), "126.com"),
    **dict.fromkeys("sina.con sina.cm".split(), "sina.com"),
    **dict.fromkeys("icloud.con iclod.com".split(), "icloud.com"),
    **dict.fromkeys("gmx.ed gmx.d".split(), "gmx.de"), **dict.fromkeys("web.d wed.de".split(), "web.de"),
}  # fmt: skip
#: What stands round an address in a sentence or list.
_MARKS: Final = " .,;:'\"“”‘’()[]<>"
_PLACEHOLDERS: Final = re.compile(
    r"(?:test|none|noone|nobody|no|na|nil|keine|unknown|abc|asdf|a|x|xx|xxx)@(?:test|none|no|mail|email|na|abc|asdf|a|x|xx|xxx)\.[a-z]{2,3}\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def clean_email(text: str, leave: frozenset[str] = NOTHING_LEFT) -> Cleaned[str]:
    """The address with its domain in small letters, freed of what was round it; `leave` are changes that are not made.

    >>> found = clean_email("Ann Archer <Ann.Archer@Example.COM>")
    >>> found.value, found.reasons
    ('Ann.Archer@example.com', ('name_apart', 'domain_small_letters'))
    >>> clean_email("ann(at)example。com").value, clean_email("ann@gmial.com").doubts[0].about
    ('ann@example.com', 'gmail.com')
    >>> clean_email("a***@qq.com").reasons, clean_email("ann at home").validity
    (('masked',), 'unusable')
    """
    notes = Notes(leave)
    plain = tidied(text, notes)
    if reason := objection_to(plain) or ("masked" if _MASKED.search(plain) else ""):
        return unusable(text, reason)
    bare = _opened(plain, notes)
    if _MASKED.search(bare):
        return unusable(text, "masked")
    address = read_email(bare) or _one_of(bare, notes)
    if address is None:
        return unusable(text, "not_an_email")
    address = notes.change("domain_small_letters", _same_but_for_capitals(bare, address), address)
    _doubts_about(address, notes)
    return notes.give(text, address)


def _opened(plain: str, notes: Notes) -> str:
    """Without label, display name, mailto and the mark of a sentence's end; with an at sign and dots."""
    bare = notes.change("label_removed", plain, _LABEL.sub("", plain))
    angled = _ANGLES.match(bare)
    bare = notes.change("name_apart", bare, angled[1] if angled else bare)
    bare = notes.change("mailto_removed", bare, re.sub(r"^mailto:", "", bare, flags=re.IGNORECASE).partition("?")[0])
    spelled = _DOT.sub(".", _AT.sub("@", bare)) if _AT.search(bare) or _DOT.search(bare) else bare
    if spelled.count("@") == 1:
        bare = notes.change("at_sign_restored", bare, spelled)
    bare = notes.change("mark_at_end", bare, bare.strip(_MARKS))
    return notes.change("comma_to_dot", bare, re.sub(r"(@[^@,\s]+),(\w{2,})$", r"\1.\2", bare))


def _one_of(bare: str, notes: Notes) -> str | None:
    """The first of several addresses; the others are named in the doubt."""
    found = [address for piece in _SEVERAL.split(bare) if (address := read_email(piece.strip(_MARKS)))]
    if not found or len(found) != bare.count("@") or _may_be_torn(bare, found[0]):
        return None
    if len(found) > 1:
        notes.doubt("several_addresses", ", ".join(found[1:]))
    else:
        notes.change("aside_apart", bare, found[0])
    return found[0]  # also where a source's remarks are left as they are: in an address there is no room for them


def _may_be_torn(bare: str, address: str) -> bool:
    """Whether a space stands before the address and nothing tells a name there from the half of a mail box: smith@x is
    somebody else than john smith@x."""
    before = bare.casefold().partition(address.casefold())[0]
    return before[-1:].isspace() and not HAN.search(before) and before.rstrip()[-1:].isalnum()


def _same_but_for_capitals(bare: str, address: str) -> str:
    """What was written, where the address differs from it in capitals only."""
    return bare if bare.casefold() == address.casefold() else address


def _doubts_about(address: str, notes: Notes) -> None:
    user, _, domain = address.rpartition("@")
    if _PLACEHOLDERS.match(address):
        notes.doubt("placeholder", address)
    if meant := MISTYPED.get(domain):
        notes.doubt("domain_mistyped", meant)
    if is_of_a_desk(user):
        notes.doubt("role_address", user)


def is_of_a_desk(user: str) -> bool:
    """Whether what stands before the @ names a desk and no person.

    >>> [is_of_a_desk(one) for one in ("Info", "客服", "kefu02", "sales-emea", "info.ann", "ann")]
    [True, True, True, True, False, False]
    """
    plain, _, _ = user.casefold().partition("+")
    parts = [bare for part in re.split(r"[._-]", plain) if (bare := part.rstrip("0123456789"))]
    of_a_desk = bool(parts) and parts[0] in ROLES and all(one in ROLES | _OF_WHERE for one in parts[1:])
    return of_a_desk or plain in ROLES


def read_email(text: str) -> str | None:
    """The address with its domain in small letters, or None when it is none.

    >>> read_email(" Ann.Archer@Example.COM "), read_email("ann at example.com")
    ('Ann.Archer@example.com', None)
    """
    plain = text.strip().removeprefix("mailto:")
    if len(plain) > 254 or not _SHAPE.match(plain) or ".." in plain:
        return None
    user, _, domain = plain.rpartition("@")
    return f"{user}@{domain.casefold()}"


def same_mailbox(address: str) -> str:
    """The key two spellings of one mailbox share: small letters throughout.

    >>> same_mailbox("Ann@Example.com")
    'ann@example.com'
    """
    return address.strip().casefold()
