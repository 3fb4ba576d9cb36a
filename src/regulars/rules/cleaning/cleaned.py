"""What a cleaner answers: the clean value, every change with its reason, every doubt, and the text as it came.

A change is something the cleaner did; a doubt is something somebody should look at. Both are codes: the desks say them
in a sentence, `docs/reference/cleaning.md` says what each means.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

VALID, DOUBTFUL, UNUSABLE = "valid", "doubtful", "unusable"
LONGEST: Final = 10_000  # characters; a longer text is none that a person typed

CHANGES: Final = frozenset(
    """
    control_characters invisible_characters full_width lookalike_characters composed spaces
    honorific_apart aside_apart signs_removed order_turned family_name_first capitals_evened spaces_within
    label_removed separators_removed country_code_added plus_restored digits_spelled decimal_removed extension_apart
    domain_small_letters at_sign_restored comma_to_dot name_apart mailto_removed mark_at_end
    postcode_spacing postcode_zero_restored postcode_apart country_apart capital_letters
    place_name_completed city_filled region_filled place_apart repeated_place region_code phone_apart addressee_apart
    old_form_upgraded lookalike_replaced
    date_form century_added calendar_turned time_removed
    """.split()
)
#: Changes that are a judgement and no tidying: a steward may have a source's values left as they are, one by one.
JUDGEMENTS: Final = (
    "order_turned", "family_name_first", "capitals_evened", "honorific_apart", "aside_apart", "signs_removed",
    "place_name_completed", "city_filled", "region_filled", "region_code", "phone_apart", "addressee_apart",
    "postcode_zero_restored", "plus_restored", "at_sign_restored", "comma_to_dot",
)  # fmt: skip
#: Nothing is left as it is.
NOTHING_LEFT: Final = frozenset[str]()
DOUBTS: Final = frozenset(
    """
    nothing_there too_long placeholder masked
    no_letters one_letter honorific_only digits_in_name contact_in_name company_name several_persons
    order_unsure parts_unsure surname_unknown nickname mixed_scripts unusually_long
    not_a_phone not_given_out several_numbers shortened_number
    not_an_email several_addresses domain_mistyped role_address
    postcode_form postcode_elsewhere place_conflict several_places former_place no_street no_number
    not_a_resident_id checksum_wrong place_unknown birth_differs sex_differs
    not_a_company_code old_company_number
    not_a_date day_or_month day_missing no_such_day date_in_future date_too_early default_date lunar_date
    """.split()
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was changed: the reason's code, what stood there, what stands there now."""

    reason: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at: the reason's code, and the words it is about or what may be meant instead."""

    reason: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned(Generic[T]):
    """A text and what it was taken for. `value` is None when it can be used for nothing.

    >>> Cleaned("x", None).validity, Cleaned("x", "x").validity, Cleaned("x", "x", doubts=(Doubt("masked"),)).validity
    ('unusable', 'valid', 'doubtful')
    """

    original: str
    value: T | None
    changes: tuple[Change, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def validity(self) -> str:
        """valid, doubtful or unusable."""
        return UNUSABLE if self.value is None else DOUBTFUL if self.doubts else VALID

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of all changes and doubts, in their order."""
        return (*(change.reason for change in self.changes), *(doubt.reason for doubt in self.doubts))


#: A field, its value as it came, what became of it, and the reasons.
Came = tuple[str, str, str, tuple[str, ...]]


def came_as(name: str, cleaned: Cleaned[Any], became: str) -> Came | None:
    """What is kept of a value that was changed or kept only in part; None where it came as it is kept.

    >>> came_as("name", Cleaned("ann", "Ann", (Change("capitals_evened", "ann", "Ann"),)), "Ann")
    ('name', 'ann', 'Ann', ('capitals_evened',))
    >>> came_as("email", Cleaned("a@b.de; c@d.de", "a@b.de", (), (Doubt("several_addresses", "c@d.de"),)), "a@b.de")
    ('email', 'a@b.de; c@d.de', 'a@b.de', ('several_addresses',))
    """
    if cleaned.original == became or not cleaned.reasons:
        return None
    told: tuple[Change | Doubt, ...] = cleaned.changes or cleaned.doubts
    return name, cleaned.original, became, tuple(dict.fromkeys(one.reason for one in told))


@dataclass(slots=True)
class Notes:
    """Where a cleaner writes down what it did and what it doubts while it works; `leave` are changes it does not make
    (some of JUDGEMENTS)."""

    leave: frozenset[str] = NOTHING_LEFT
    changes: list[Change] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def change(self, reason: str, before: str, after: str) -> str:
        """What stands there now; written down only when it differs."""
        if reason in self.leave:
            return before
        if before != after:
            self.changes.append(Change(reason, before, after))
        return after

    def doubt(self, reason: str, about: str = "") -> None:
        """Something to look at."""
        self.doubts.append(Doubt(reason, about))

    def give(self, original: str, value: T | None) -> Cleaned[T]:
        """The answer. Nothing has been changed about what cannot be used."""
        doubts = tuple(dict.fromkeys(self.doubts))
        return Cleaned(original, value, tuple(self.changes) if value is not None else (), doubts)


def unusable(original: str, reason: str, about: str = "") -> Cleaned[T]:
    """The answer to a text that is of no use, with the reason."""
    return Cleaned(original, None, (), (Doubt(reason, about),))
