"""Names that sound alike, and names that stand for one another: Meyer and Maier, zhang and zang, Bill and William.

The folding is our own, in the spirit of phonetic codes since Russell's Soundex (US 1,261,167): what people mix up when
they write by ear becomes one letter. For pinyin it is what southern speakers and input methods mix up (模糊音).
"""

import re
from functools import lru_cache
from typing import Final

_FOLDS: Final = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"[^a-z]", ""), (r"^[kgp]n", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"sch|sh|sz|cz|zh", "s"), (r"tch", "ch"),
        (r"ph", "f"), (r"gh", "g"), (r"dt|th", "t"), (r"ck|q", "k"), (r"c(?=[eiyh])|[xz]", "s"), (r"c", "k"),
        (r"sh", "s"), (r"ng$", "n"), (r"[ae][iy]|ie|ee|y|j", "i"), (r"ou|oo|ue", "u"), (r"ae|oe", "e"), (r"w", "v"),
        (r"(?<=[aeiou])h", ""), (r"(.)\1+", r"\1"), (r"(?<=..)e$", ""),
    )
)  # fmt: skip
#: Given names and the short forms people answer to. A short form may stand for several.
_SHORT: Final = """
abigail abby gail; albert al bert; alexander alex sasha sandy; alexandra alex sandra sasha; alfred fred alf;
andrew andy drew; anna ann anne annie hannah; anthony tony; antonio tonio toni; archibald archie; arthur art;
barbara barb babs; benjamin ben benny; bernard bernie; catherine cathy kate katie kathy katharine kathryn katherine;
charles charlie chuck; charlotte lottie; christian chris; christine chris tina; christopher chris kit; daniel dan danny;
david dave davy; deborah deb debbie; donald don; dorothy dot dolly; edward ed eddie ned ted; eleanor ellie nell nora;
elizabeth liz lizzie beth betty eliza lisa elisabeth; emily em; eugene gene; frances fran fanny;
francis frank; franklin frank; frederick fred freddy fritz friedrich; gabriel gabe; george georgie; gerald gerry jerry;
gregory greg; harold harry hal; helen nell ellen; henry harry hank heinrich; isabella bella isabel; jacob jake;
james jim jimmy jamie; jennifer jen jenny; jessica jess; joanna jo; john jack johnny jon; jonathan jon; joseph joe joey;
joshua josh; judith judy; kenneth ken; laura laurie; lawrence larry; leonard leo len; louis lou louie; lucas luke;
margaret maggie meg peg peggy greta margarete; maria mary marie; martin marty; matthew matt; maximilian max;
michael mike mick mickey; nathaniel nathan nate; nicholas nick nico; oliver ollie; pamela pam; patricia pat patty trish;
patrick pat paddy; peter pete; philip phil; rachel rae; raymond ray; rebecca becky; richard dick rick ricky rich;
robert bob bobby rob robbie bert; ronald ron; samantha sam; samuel sam sammy; sarah sally sara; sophia sophie sofia;
stephen steve steven stefan; susan sue susie susanna; theodore ted theo; theresa terry tess teresa; thomas tom tommy;
timothy tim; victoria vicky tori; vincent vince; virginia ginny; walter walt; william will bill billy willy liam;
zachary zach
"""


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for names in (group.split() for group in _SHORT.split(";")):
        for name in names:
            found[name] = found.get(name, frozenset()) | {names[0]}
    return found


#: Given name → the full names it may stand for, itself among them where it is one.
FULL: Final = _groups()
_MEMBERS: Final = {
    full: frozenset(name for name, fulls in FULL.items() if full in fulls) for full in frozenset().union(*FULL.values())
}


@lru_cache(maxsize=50_000)
def sound(letters: str) -> str:
    """What names that sound alike have in common; "" for what has no Latin letters.

    >>> sound("meyer") == sound("maier"), sound("zhang") == sound("zang"), sound("ann") == sound("bob")
    (True, True, False)
    """
    for pattern, letter in _FOLDS:
        letters = pattern.sub(letter, letters)
    return letters


def stands_for(given: str) -> frozenset[str]:
    """The full names a given name may stand for; what is in no list stands for itself only.

    >>> sorted(stands_for("ted")), sorted(stands_for("fang"))
    (['edward', 'theodore'], ['fang'])
    """
    return FULL.get(given, frozenset((given,)))


def other_forms(given: str) -> frozenset[str]:
    """The names somebody so called may stand under in the books, without this one.

    >>> sorted(other_forms("bill"))
    ['billy', 'liam', 'will', 'william', 'willy']
    """
    return frozenset().union(*(_MEMBERS.get(full, frozenset()) for full in stands_for(given))) - {given}
