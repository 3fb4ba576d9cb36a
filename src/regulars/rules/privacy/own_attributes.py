"""Attributes a company adds of its own: what may be said of one, and through which view it is shown how.

An attribute is classed like any column, and shown by the same rules. What nobody has classed is shown to nobody, and
kept as if it were the most sensitive thing in the house. An identifying or sensitive attribute is sealed under the
customer's own key: only a view that opens sealed cells can show it, and none can show it coarsely.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from regulars.rules.page_keys import is_page_key
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.categories import CATEGORIES
from regulars.rules.privacy.dictionary import EVERYDAY, PURPOSES, Class, Column
from regulars.rules.privacy.exposure import ANALYSED, OPENING
from regulars.rules.privacy.keeping import AS_LONG_AS_CUSTOMER, read_keep
from regulars.rules.privacy.views import MASKED, VIEWS, treatment

KEY: Final = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
KINDS: Final = ("text", "number", "money", "date", "yes_no", "choice")
#: Kind → how its values may be made coarse.
COARSE: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("keep", "prefix", "gone"),
    "number": ("keep", "rounded", "band", "gone"),
    "money": ("keep", "rounded", "band", "gone"),
    "date": ("keep", "month", "year", "decade", "gone"),
    "yes_no": ("keep", "gone"),
    "choice": ("keep", "gone"),
}
#: Kind → the column of a value that holds it when it is not sealed.
HELD_IN: Final[Mapping[str, str]] = {
    "text": "text", "choice": "text", "number": "amount", "money": "amount", "date": "day", "yes_no": "yes",
}  # fmt: skip
#: The views a value may appear in at all.
VALUE_VIEWS: Final = ANALYSED | {"delivery"}
SEALED_CLASSES: Final = frozenset({"", Class.IDENTIFYING, Class.SENSITIVE})
#: What a sensitive attribute may serve (PIPL 28, GDPR 9): nothing that goes on every day.
SENSITIVE_PURPOSES: Final = frozenset({"service", "oversight", "sensitive_use"})
MOST_CHOICES: Final = 60
LONGEST_LABEL: Final = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a choice may have."""

    key: str
    label: str
    label_zh: str


@dataclass(frozen=True, slots=True)
class OwnAttribute:
    """An attribute as the dictionary knows it; `data_class` is "" until somebody has classed it."""

    key: str
    kind: str
    label: str
    label_zh: str
    choices: tuple[Choice, ...] = ()
    data_class: str = ""
    category: str = "user"
    purposes: frozenset[str] = field(default_factory=frozenset)
    coarse: str = "keep"
    coarser: str = "gone"
    keep: str = AS_LONG_AS_CUSTOMER

    @property
    def sealed(self) -> bool:
        """Whether its values lie under the customer's own key.

        >>> OwnAttribute("shoe_size", "number", "Shoe size", "鞋码").sealed
        True
        """
        return self.data_class in SEALED_CLASSES

    @property
    def place(self) -> str:
        """The place a sealed value of it is bound to."""
        return f"customer.own.{self.key}"

    @property
    def column(self) -> Column:
        """The attribute as a column of the dictionary; ValueError while it is unclassed."""
        return Column(
            self.key, Class(self.data_class), self.category, self.label, self.label_zh, self.purposes, self.coarse,
            self.coarser, self.keep, sealed=self.sealed,
        )  # fmt: skip

    def label_in(self, language: str) -> str:
        """The label in a language: 中文 for any Chinese, else English."""
        return self.label_zh if language.startswith("zh") else self.label


def shown_in(attribute: OwnAttribute) -> dict[str, str]:
    """View → how it shows the attribute, for the views that show it at all.

    >>> shoe = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码", data_class="personal",
    ...                     purposes=frozenset({"service", "analysis"}), coarser="band")
    >>> shown_in(shoe)
    {'standard': 'keep', 'personal': 'keep', 'anonymous': 'band', 'assigned': 'keep', 'warehouse': 'keep'}
    >>> shown_in(OwnAttribute("faith", "text", "Faith", "信仰"))
    {}
    """
    if not attribute.data_class:
        return {}
    column = attribute.column
    shown = {view.name: treatment(column, view) for view in VIEWS if view.name in VALUE_VIEWS}
    return {view: how for view, how in shown.items() if how != MASKED and (view in OPENING or not attribute.sealed)}


def shown_in_lists(attribute: OwnAttribute, view: str) -> str | None:
    """How a list of people shows the attribute to who looks through the view; None where no list holds it.

    What is sealed is in no list, whoever asks: it is read one customer at a time, as contact data is.

    >>> plan = OwnAttribute("plan", "text", "Plan", "套餐", data_class="none", purposes=frozenset({"service"}))
    >>> shown_in_lists(plan, "standard"), shown_in_lists(plan, "marketing")
    ('keep', None)
    >>> faith = OwnAttribute("faith", "text", "Faith", "信仰", data_class="sensitive", purposes=frozenset({"service"}))
    >>> shown_in(faith), shown_in_lists(faith, "personal")
    ({'personal': 'keep'}, None)
    """
    return None if attribute.sealed else shown_in(attribute).get(view)


def check_attribute(attribute: OwnAttribute) -> None:
    """Nothing, if the attribute can be meant so; else BadInput with the first thing that cannot."""
    for wrong, code, values in (*_named_wrong(attribute), *_classed_wrong(attribute)):
        if wrong:
            raise BadInput(code, {"attribute": attribute.key[:40], **values})
    read_keep(attribute.keep)


def may_serve(attribute: OwnAttribute, purpose: str) -> bool:
    """Whether the attribute is classed and may serve the purpose."""
    return bool(attribute.data_class) and purpose in attribute.purposes


def read_choice(said: str) -> Choice:
    """One choice as people write it: KEY=ENGLISH/中文, or KEY=ENGLISH for both; BadInput when it is none.

    >>> read_choice("box = Gift box / 礼盒"), read_choice("bag=Bag").label_zh
    (Choice(key='box', label='Gift box', label_zh='礼盒'), 'Bag')
    """
    key, _equals, labels = said.partition("=")
    english, _slash, chinese = (part.strip() for part in labels.partition("/"))
    if not (key.strip() and english):
        raise BadInput("attribute_choices_unclear", {"attribute": said[:40]})
    return Choice(key.strip(), english, chinese or english)


def usual_purposes(data_class: str) -> frozenset[str]:
    """What an attribute of that class serves when nothing is said: sensitive ones only what they must."""
    return SENSITIVE_PURPOSES if data_class == Class.SENSITIVE else EVERYDAY


Wrong = tuple[bool, str, Mapping[str, object]]


def _named_wrong(one: OwnAttribute) -> Iterator[Wrong]:
    labels = (one.label, one.label_zh)
    keys = [choice.key for choice in one.choices]
    yield not KEY.match(one.key), "attribute_key_unclear", {}
    yield not is_page_key(one.key), "key_not_possible", {"key": one.key}
    yield one.kind not in KINDS, "attribute_kind_unknown", {"kind": one.kind[:40]}
    yield not all(label.strip() for label in labels), "attribute_label_missing", {}
    yield (
        any(len(label) > LONGEST_LABEL for label in labels),
        "said_too_much",
        {"field": "label", "most": LONGEST_LABEL},
    )
    yield (one.kind == "choice") != bool(keys), "attribute_choices_unclear", {}
    yield len(set(keys)) != len(keys) or len(keys) > MOST_CHOICES, "attribute_choices_unclear", {}
    yield not all(KEY.match(key) for key in keys), "attribute_choices_unclear", {}


def _classed_wrong(one: OwnAttribute) -> Iterator[Wrong]:
    if not one.data_class:
        return
    fitting = COARSE.get(one.kind, ())
    yield one.data_class not in set(Class), "attribute_class_unknown", {"class": one.data_class[:40]}
    yield one.category not in CATEGORIES, "attribute_category_unknown", {"category": one.category[:80]}
    yield not one.purposes, "attribute_purposes_missing", {}
    unknown = sorted(one.purposes - set(PURPOSES))
    yield bool(unknown), "attribute_purposes_unknown", {"purposes": ", ".join(unknown)[:200]}
    rough = {one.coarse, one.coarser} - set(fitting)
    yield bool(rough), "attribute_coarsening_unfit", {"coarsening": ", ".join(sorted(rough)), "kind": one.kind}
    hidden = one.sealed or one.data_class == Class.PSEUDONYM
    yield hidden and one.coarser != MASKED, "attribute_must_be_gone", {"class": one.data_class}
    rough_sealed = one.sealed and one.coarse not in ("keep", MASKED)
    yield rough_sealed, "attribute_sealed_not_coarse", {"class": one.data_class}
    too_much = sorted(one.purposes - SENSITIVE_PURPOSES) if one.data_class == Class.SENSITIVE else []
    yield bool(too_much), "attribute_sensitive_purposes", {"purposes": ", ".join(too_much)}
