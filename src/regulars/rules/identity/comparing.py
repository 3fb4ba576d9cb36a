"""Two records compared: on which level each comparison stands, and what the model makes of it.

The levels have the names and the order they have in `figures_of_model`; the first that holds is the one. What either
side does not tell is *unknown* and moves nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import product
from typing import Final

from rapidfuzz.distance import OSA

from regulars.rules.identity.model import UNKNOWN, Match, Model, Step
from regulars.rules.identity.sounds import sound, stands_for
from regulars.rules.identity.traits import Called, Marks, Traits

Decide = Callable[[Traits, Traits], str]
LONG_NAME: Final = 8
#: From so many letters on a name can have a slip and still be itself.
CAN_SLIP: Final = 3


def compare(one: Traits, other: Traits, model: Model) -> Match:
    """What the model says of the two. Whichever of its names fits best is the one a record is compared by.

    >>> from regulars.rules.identity.model import MODEL
    >>> from regulars.rules.identity.traits import called
    >>> typed, known = Traits(called("Wang", "Fang")), Traits(called("王", "芳"), sex="female")
    >>> [(step.comparison, step.level) for step in compare(typed, known, MODEL).steps[1:4]]
    [('family_name', 'same_reading'), ('given_name', 'same_reading'), ('birth_on', 'unknown')]
    """
    return best((one,), other, model)


def best(ways: Sequence[Traits], known: Traits, model: Model) -> Match:
    """The best of several ways one record may be meant, which differ in the name only."""
    rest = [model.step(name, decide(ways[0], known)) for name, decide in OTHERS.items()]
    return Match((model.prior, *_best_name(ways, known, model), *rest))


def _best_name(ways: Sequence[Traits], known: Traits, model: Model) -> tuple[Step, Step]:
    left = {name for way in ways for name in (way.called, *way.also_called)}
    pairs = product(left, {known.called, *known.also_called})
    return max((_name(*pair, model) for pair in pairs), key=lambda steps: steps[0].bits + steps[1].bits)


def _name(left: Called, right: Called, model: Model) -> tuple[Step, Step]:
    if _is_swapped(left, right):
        family = given = "swapped"
    elif _is_nearly_swapped(left, right):
        family = given = "swapped_with_slip"
    else:
        family, given = _family(left, right), _given(left, right)
    return model.step("family_name", family, _commoner(left, right, model)), model.step("given_name", given)


def _commoner(left: Called, right: Called, model: Model) -> str:
    """Of the two family names the one that more people bear."""
    return max(left.family, right.family, key=lambda name: (model.frequencies.get(name, 0.0), name))


def _is_swapped(left: Called, right: Called) -> bool:
    crossed = left.family == right.given and left.given == right.family
    return crossed and left.family != right.family and bool(left.family and left.given)


def _is_nearly_swapped(left: Called, right: Called) -> bool:
    """One part crossed over whole, the other with a slip; where the parts agree as they stand, nothing is swapped."""
    if left.family == right.family or left.given == right.given:
        return False
    return (left.family == right.given != "" and is_slip(left.given, right.family)) or (
        left.given == right.family != "" and is_slip(left.family, right.given)
    )


def _family(left: Called, right: Called) -> str:
    if not (left.family and right.family):
        return UNKNOWN
    if left.family_written == right.family_written:
        return "same"
    if left.family == right.family:
        return "same_reading"
    if sound(left.family) == sound(right.family):
        return "sounds_alike"
    return "slip" if is_slip(left.family, right.family) else "other"


def _given(left: Called, right: Called) -> str:
    if not (left.given and right.given):
        return UNKNOWN
    if left.given_written == right.given_written:
        return "same"
    if left.given == right.given:
        return "same_reading"
    if stands_for(left.given) & stands_for(right.given):
        return "nickname"
    if left.given_words & right.given_words:
        return "part"
    if min(len(left.given), len(right.given)) == 1 and left.given[0] == right.given[0]:
        return "initial"
    if sound(left.given) == sound(right.given):
        return "sounds_alike"
    return "slip" if is_slip(left.given, right.given) else "other"


def is_slip(left: str, right: str) -> bool:
    """Whether one typing slip makes one of the other, or two of a long one: letters left out, doubled, wrong, swapped.

    >>> is_slip("archer", "acrher"), is_slip("archer", "baker"), is_slip("li", "lu")
    (True, False, False)
    """
    shortest = min(len(left), len(right))
    most = 2 if shortest >= LONG_NAME else 1
    return shortest >= CAN_SLIP and OSA.distance(left, right, score_cutoff=most) <= most


def _birth_on(one: Traits, other: Traits) -> str:
    if one.birth_on is None or other.birth_on is None:
        return UNKNOWN
    return birth_level(one.birth_on, other.birth_on)


def birth_level(left: date, right: date) -> str:
    """How far two birth dates agree.

    >>> birth_level(date(1980, 3, 4), date(1980, 4, 3)), birth_level(date(1980, 3, 4), date(1981, 3, 4))
    ('day_month', 'two_of_three')
    """
    if left == right:
        return "same"
    if left.year == right.year and (left.month, left.day) == (right.day, right.month):
        return "day_month"
    if (left.year == right.year) + (left.month == right.month) + (left.day == right.day) == 2:
        return "two_of_three"
    return "year" if left.year == right.year else "other"


def _phone(one: Traits, other: Traits) -> str:
    if not (one.phone and other.phone):
        return UNKNOWN
    if one.phone & other.phone:
        return "same"
    if one.phone_tail & other.phone_tail:
        return "tail"
    return "part" if one.phone_part & other.phone_part else "other"


def _email(one: Traits, other: Traits) -> str:
    if not (one.email and other.email):
        return UNKNOWN
    if one.email & other.email:
        return "same"
    return "same_user" if one.email_user & other.email_user else "other"


def _address(one: Traits, other: Traits) -> str:
    told_by_both = (one.city and other.city) or (one.postcode and other.postcode) or (one.home and other.home)
    if not told_by_both:
        return UNKNOWN
    if one.home & other.home:
        return "home"
    if one.house & other.house:
        return "house_and_postcode"
    if one.postcode and one.postcode == other.postcode:
        return "postcode"
    return "city" if one.city and one.city == other.city else "other"


def _sex(one: Traits, other: Traits) -> str:
    if not (one.sex and other.sex):
        return UNKNOWN
    return "same" if one.sex == other.sex else "other"


def _plate(one: Traits, other: Traits) -> str:
    return _same(one.plate, other.plate)


def _reference(one: Traits, other: Traits) -> str:
    """Numbers as a clerk says them are known whole or not at all; a batch also sees one with a slip."""
    if one.reference & other.reference:
        return "same"
    if not (one.reference and other.reference):
        return UNKNOWN
    return "slip" if one.reference_slips & other.reference_slips else "other"


def _same(left: Marks, right: Marks) -> str:
    if not (left and right):
        return UNKNOWN
    return "same" if left & right else "other"


#: What is compared beside the name, in the model's order.
OTHERS: Final[dict[str, Decide]] = {
    "birth_on": _birth_on, "phone": _phone, "email": _email, "address": _address, "sex": _sex, "plate": _plate,
    "reference": _reference,
}  # fmt: skip
