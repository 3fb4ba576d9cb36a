"""What happened in the demonstration before its pictures are taken, so that no page of the privacy office stands empty.

Everybody does it under her own name, by the same journeys as in life.
"""

from contextlib import suppress
from typing import Final

from regulars.journeys.approve import ask_for_two
from regulars.journeys.canaries import plant_canary
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.hand_out_people import people_file
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
)
from regulars.journeys.protect_customer import protect_customer
from regulars.journeys.serve_customer import note_touchpoint
from regulars.records.company.access import now
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.inventing import Invented
from regulars.records.segments.access import members_of, segment
from regulars.records.staff.access import asker_of, demo_staff
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute

EVERYDAY: Final = frozenset({"service", "analysis", "direct_marketing"})
TEAS: Final = (Choice("green", "Green tea", "绿茶"), Choice("black", "Black tea", "红茶"))
ATTRIBUTES: Final = (
    (
        OwnAttribute("shoe_size", "number", "Shoe size", "鞋码"),
        Classing("personal", "user.demographic", EVERYDAY, coarser="rounded", keep="730 days after last_purchase"),
    ),
    (
        OwnAttribute("favourite_tea", "choice", "Favourite tea", "最爱的茶", TEAS),
        Classing("personal", "user.behavior", EVERYDAY, coarser="keep"),
    ),
    (
        OwnAttribute("diet", "text", "Diet", "饮食禁忌"),
        Classing("sensitive", "user.health_and_medical", frozenset({"service", "oversight", "sensitive_use"})),
    ),
    (OwnAttribute("contract_ends", "date", "Day the delivery contract ends", "送货合同到期日"), None),
)
SAID: Final = (("shoe_size", "42"), ("favourite_tea", "green"), ("diet", "no nuts"))
NOTES: Final = (
    ("Diet", "She has diabetes and takes insulin; call after six"),
    ("Kitchen", "He is a Muslim, no pork in the basket"),
    ("Payment", "Her card is 4111 1111 1111 1111"),
)
INVENTED: Final = (
    (Invented("沈知夏", email="shen.zhixia@office.example", city="杭州"), "mailbox of the office"),
    (Invented("Harriet Vane", email="vane@office.example", city="Portland"), ""),
)
PROTECTED: Final = ("is threatened by a former partner; asked us to hide her file", "works at the counter of store 398")


def live_a_little() -> None:
    """A day has gone by in the demonstration: it is filled, exported, watched over, and something takes two people."""
    marketer, clerk, officer = (asker_of(one, one.roles[0]) for one in demo_staff())
    # The first of them is left as she is: her card has a picture of its own.
    _first, *numbers = (one.number for one in find_customers("wang", by=clerk, because="serving"))
    _attributes_are_kept(numbers[:2], clerk, officer)
    for title, words in NOTES:
        note_touchpoint(
            numbers[2], kind="note", channel="counter", title=title, detail=words, branch_id=None, by=clerk, at=now()
        )
    _lists_leave(marketer)
    _somebody_is_watched_over(numbers[3:], clerk, officer)
    _something_takes_two(numbers[5], officer)


def _attributes_are_kept(numbers: list[str], clerk: Asker, officer: Asker) -> None:
    for what, said in ATTRIBUTES:
        add_own_attribute(what, by=officer, at=now())
        if said:
            class_own_attribute(what.key, said, by=officer, at=now())
    for number in numbers:
        for key, value in SAID:
            fill_own_attribute(number, key, value, by=clerk, because="serving", at=now())


def _lists_leave(marketer: Asker) -> None:
    slipping, why = segment("regulars_slipping"), "file of people of segment regulars_slipping"
    ids = members_of([slipping.key])[slipping.key]
    people_file(by=marketer, because=why, content=f"Segment “{slipping.name}”", at=now(), ids=ids, limit=500)
    why = "file of RFM group: At risk"
    people_file(by=marketer, because=why, content="At risk", at=now(), group="at_risk", limit=500)


def _somebody_is_watched_over(numbers: list[str], clerk: Asker, officer: Asker) -> None:
    planted = [plant_canary(who, note=note, by=officer, at=now()) for who, note in INVENTED]
    open_customer(planted[0], by=clerk, because="serving")
    for number, why in zip(numbers, PROTECTED, strict=False):
        protect_customer(number, because=why, by=officer, at=now())
    with suppress(Denied):  # there is no case of hers
        open_customer(numbers[0], by=clerk, because="serving")


def _something_takes_two(number: str, officer: Asker) -> None:
    for act in ("statement", "erasure"):
        ask_for_two(act, asked=True, by=officer)
    with suppress(Denied):  # it waits for the second
        erase_customer(number, by=officer, because="she asked for it by letter", reference="T-204", at=now())
