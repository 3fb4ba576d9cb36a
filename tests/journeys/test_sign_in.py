"""Dora comes to the door: with her password, with her telephone beside it, and somebody else who guesses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from pyotp import TOTP

from regulars.connections.keys.key_file import KeyFileError
from regulars.journeys.sign_in import (
    ask_second_factor_of,
    change_password,
    come_in,
    knock,
    prove,
    put_app_away,
    reset_factors,
    set_up_app,
    sign_out_there,
)  # fmt: skip
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.staff.access import SignedIn, signed_in
from regulars.records.staff.actions import hire
from regulars.records.staff.factors import app_in_making, factors_of
from regulars.records.staff.models import RecoveryCode, SignInTry, StaffTotp
from regulars.records.staff.tries import take_turn
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import EMIL, MIA, NOON

pytestmark = pytest.mark.usefixtures("house")
PASSWORD = "a long enough password"
SHOP = "192.0.2.7"
SECOND = timedelta(seconds=1)


@pytest.fixture
def dora() -> SignedIn:
    found = signed_in(hire("dora", "Dora", roles=["service"], password=PASSWORD))
    assert found is not None
    return found


def knocks(name: str, password: str, at: datetime = NOON, address: str = SHOP) -> Any:
    return knock(name, password, address=address, at=at)


def app_of(dora: SignedIn, at: datetime = NOON) -> tuple[TOTP, list[str]]:
    app = TOTP(app_in_making(dora.id, at=at))
    return app, set_up_app(dora, app.at(at), at=at)


def test_with_her_password_she_is_in(dora: SignedIn) -> None:
    found = knocks("dora", PASSWORD)
    assert (found.staff, found.next) == (dora, "in")
    assert knocks("dora", "wrong") is None
    assert AccessEntry.objects.get(door="sign_in").allowed is False


@pytest.mark.parametrize("name", ["dora", "nobody"])
def test_waits_grow_and_are_the_same_for_a_name_there_is_not(dora: SignedIn, name: str) -> None:
    assert [knocks(name, "wrong") for _ in range(3)] == [None] * 3
    assert knocks(name, "wrong") is None  # the fourth closes the door
    with pytest.raises(Denied) as closed:
        knocks(name, PASSWORD)
    assert (closed.value.code, closed.value.values) == ("too_many_tries", {"seconds": 3})
    assert knocks(name, "wrong", NOON + 3 * SECOND) is None
    with pytest.raises(Denied) as longer:
        knocks(name, "wrong", NOON + 4 * SECOND)
    assert longer.value.values == {"seconds": 4}


def test_the_right_password_begins_anew_for_the_name(dora: SignedIn) -> None:
    for _ in range(3):
        knocks("dora", "wrong")
    assert knocks("dora", PASSWORD) is not None
    assert [knocks("dora", "wrong") for _ in range(3)] == [None] * 3
    assert knocks("dora", PASSWORD) is not None


def test_many_names_from_one_address_wait_too_and_one_right_password_does_not_help(dora: SignedIn) -> None:
    for n in range(20):
        knocks(f"name{n}", "wrong")
    assert knocks("dora", PASSWORD) is not None
    knocks("name20", "wrong")
    with pytest.raises(Denied, match="too_many_tries"):
        knocks("dora", PASSWORD)
    assert knocks("dora", PASSWORD, address="192.0.2.8") is not None


def test_a_hundred_tries_at_once_count_as_a_hundred(dora: SignedIn) -> None:
    def guess(_n: int) -> bool:
        try:
            take_turn(at=NOON, name="dora", address="")
        except Denied:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(guess, range(40))) == 4


def test_the_table_of_tries_names_nobody_and_forgets(dora: SignedIn) -> None:
    knocks("dora", "wrong")
    assert not [one for one in SignInTry.objects.all() if "dora" in one.who or SHOP in one.who]
    knocks("dora", PASSWORD, NOON + timedelta(days=2))
    assert SignInTry.objects.filter(failures__gt=0).count() == 0


def test_with_an_app_her_password_is_half_the_way(dora: SignedIn) -> None:
    app, codes = app_of(dora)
    assert len(set(codes)) == 10
    assert knocks("dora", PASSWORD).next == "code"
    later = NOON + timedelta(minutes=1)
    assert prove(dora, "000000", address=SHOP, at=later) == ""
    assert prove(dora, app.at(later), address=SHOP, at=later) == "app"
    assert prove(dora, app.at(later), address=SHOP, at=later) == "", "a code counts once"


def test_the_code_that_set_it_up_does_not_open_the_door(dora: SignedIn) -> None:
    app, _codes = app_of(dora)
    assert prove(dora, app.at(NOON), address=SHOP, at=NOON) == ""


def test_a_recovery_code_counts_once_however_it_is_typed(dora: SignedIn) -> None:
    _app, codes = app_of(dora)
    assert prove(dora, codes[0].upper().replace("-", " "), address=SHOP, at=NOON) == "recovery"
    assert prove(dora, codes[0], address=SHOP, at=NOON) == ""
    assert factors_of(dora.id).codes_left == 9


def test_codes_are_not_guessed_either(dora: SignedIn) -> None:
    app_of(dora)
    for n in range(4):
        assert prove(dora, f"00000{n}", address=SHOP, at=NOON) == ""
    with pytest.raises(Denied, match="too_many_tries"):
        prove(dora, "000009", address="192.0.2.9", at=NOON)


def test_neither_secret_nor_codes_are_in_the_database(dora: SignedIn) -> None:
    app, codes = app_of(dora)
    sealed = bytes(StaffTotp.objects.get().sealed)
    assert app.secret.encode() not in sealed
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_a_secret_carried_to_somebody_else_does_not_open(dora: SignedIn) -> None:
    app_of(dora)
    eve = hire("eve", "Eve", roles=["service"], password=PASSWORD)
    StaffTotp.objects.create(staff_id=eve, sealed=StaffTotp.objects.get().sealed, made_at=NOON, confirmed_at=NOON)
    with pytest.raises(KeyFileError, match="cannot be opened"):
        prove(signed_in(eve), "000000", address=SHOP, at=NOON)  # type: ignore[arg-type]


def test_a_role_that_must_sets_one_up_first(dora: SignedIn) -> None:
    ask_second_factor_of(frozenset({"service"}), by=EMIL, at=NOON)
    assert knocks("dora", PASSWORD).next == "app"
    app_of(dora)
    assert knocks("dora", PASSWORD).next == "code"
    with pytest.raises(Denied, match="second_factor_is_asked"):
        put_app_away(dora, PASSWORD, address=SHOP, at=NOON)
    reset_factors("dora", by=EMIL)
    assert knocks("dora", PASSWORD).next == "app"


def test_only_the_officer_says_of_whom_it_is_asked() -> None:
    with pytest.raises(Denied, match="role_not_for_this"):
        ask_second_factor_of(frozenset(), by=MIA, at=NOON)
    with pytest.raises(Denied, match="role_not_for_this"):
        reset_factors("dora", by=MIA)
    assert PrivacyEntry.objects.filter(deed="right", allowed=False).count() == 2


def test_put_away_with_her_password_only(dora: SignedIn) -> None:
    app_of(dora)
    with pytest.raises(BadInput, match="password_wrong"):
        put_app_away(dora, "wrong", address=SHOP, at=NOON)
    put_app_away(dora, PASSWORD, address=SHOP, at=NOON)
    assert knocks("dora", PASSWORD).next == "in"
    assert RecoveryCode.objects.count() == 0


def test_a_short_password_is_not_taken(dora: SignedIn) -> None:
    with pytest.raises(BadInput, match="password_too_short"):
        change_password(dora, PASSWORD, "short", address=SHOP, at=NOON, keep="")
    assert knocks("dora", PASSWORD) is not None


def test_a_session_of_somebody_else_is_not_there(dora: SignedIn) -> None:
    come_in(dora, "k" * 32, address=SHOP, program="x", factor="password", at=NOON)
    eve = signed_in(hire("eve", "Eve", roles=["service"], password=PASSWORD))
    assert eve is not None
    for number in (1, 10**9):
        with pytest.raises(NotThere, match="session_not_there"):
            sign_out_there(eve, number)
