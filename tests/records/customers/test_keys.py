"""What is kept sealed, whom it opens for, and that everybody who may see it goes on seeing it."""

import time

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection, connections

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import MasterKeys, Wrapped
from regulars.records.contacts.sending import recipient
from regulars.records.customers import keys as room
from regulars.records.customers.access import contact_points_of, open_contact_point, open_customer
from regulars.records.customers.actions import add_contact_points, create_customers, tell_customers
from regulars.records.customers.changes import changes_of
from regulars.records.customers.keys import opening_keys, sealing_keys
from regulars.records.customers.models import ContactPoint, Customer, CustomerChange, CustomerKey, MasterKey
from regulars.records.customers.own_page import set_preferences
from regulars.records.dictionary import DICTIONARY
from regulars.records.intake.actions import ensure_source
from regulars.rules.privacy.exposure import MENDING, OPENING
from regulars.rules.privacy.views import BY_NAME, treatment
from tests.cast import DORA, EMIL, NOON, STEN, ann, bob, cleo, customer, keep_sealed, reached_by

pytestmark = pytest.mark.usefixtures("house")


def told(**columns: list[object]) -> pa.Table:
    return pa.table(columns)


def source() -> int:
    return ensure_source("people", by=STEN, at=NOON).id


def seen(number: str) -> tuple[str | None, str | None]:
    facts = open_customer(number, by=EMIL, because="a look")[1]
    return facts.allergies, facts.id_document


def test_the_vault_holds_bytes_that_say_nothing() -> None:
    who = customer("Ann Archer", email="ann@example.com", phone="+15550100001", allergies="wool", id_document="X123")
    cells = [one.value for one in ContactPoint.objects.all()]
    row = Customer.objects.get(id=who.id)
    for cell in map(bytes, [*cells, row.allergies, row.id_document]):
        assert cell[0] == 1
        assert not any(word in cell for word in (b"ann", b"1555", b"wool", b"X123"))
    assert seen(who.number) == ("wool", "X123")


def test_two_who_live_together_have_nothing_in_common() -> None:
    bob(), cleo()
    cells = [bytes(one.value) for one in ContactPoint.objects.filter(channel="letter")]
    assert len(set(cells)) == 2
    assert {value for channel, value in reached_by() if channel == "letter"} == {"2 Oak Street"}


def test_a_view_has_the_key_only_where_it_has_something_to_open() -> None:
    sealed = [(table, column) for table in DICTIONARY for column in table.columns if column.sealed]
    for view in BY_NAME.values():
        opens = any(view.name in t.views and treatment(c, view) == "keep" for t, c in sealed)
        assert opens == (view.name in OPENING | MENDING), view.name
    who = ann()
    for view in BY_NAME.keys() - OPENING - MENDING:
        assert opening_keys(view, [who.id]) == {}
        with pytest.raises(Exception, match="does not exist"), connections[view].cursor() as cursor:
            cursor.execute("SELECT * FROM customer_key")


def test_every_sealed_column_holds_bytes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'vault'"
        )
        types = dict(cursor.fetchall())
    sealed = {f"{table.name}.{column.name}" for table in DICTIONARY for column in table.columns if column.sealed}
    assert len(sealed) == 15
    assert {types[name] for name in sealed} == {"bytea"}


def test_a_key_is_made_once_and_only_for_whom_something_is_kept() -> None:
    who, other = ann(), customer("Nobody Reaches")
    first = bytes(CustomerKey.objects.get().wrapped)
    keep_sealed(who, "allergies", "wool")
    assert bytes(CustomerKey.objects.get(customer=who).wrapped) == first
    assert not CustomerKey.objects.filter(customer=other).exists()


def test_an_erased_customer_gets_no_key() -> None:
    who = customer("Gone Already", erased_at=NOON)
    assert sealing_keys([who.id]) == {}
    add_contact_points(
        told(customer_id=[who.id], channel=["email"], value=["a@b.example"]), source_id=source(), at=NOON
    )
    assert not ContactPoint.objects.exists()


def test_files_bring_sealed_values_and_the_same_again_is_nothing_new() -> None:
    origin = source()
    facts = {"allergies": ["wool", None, ""], "id_document": ["X1", "X2", None], "city": ["Paris", "Paris", None]}
    new = told(ref=["a", "b", "c"], first_seen_on=[NOON.date()] * 3, **facts)
    ids = create_customers(new, source_id=origin, stage="prospect", by=STEN, at=NOON)
    numbers = list(Customer.objects.order_by("id").values_list("number", flat=True))
    assert [seen(number) for number in numbers] == [("wool", "X1"), (None, "X2"), (None, None)]
    assert CustomerKey.objects.count() == 2
    again = told(customer_id=list(ids), **facts)
    assert tell_customers(again, source_id=origin, by=STEN, at=NOON) == frozenset()
    points = told(customer_id=[ids[0], ids[0], ids[1]], channel=["email"] * 3, value=["a@b.example"] * 3)
    assert add_contact_points(points, source_id=origin, at=NOON) == 2
    assert add_contact_points(points, source_id=origin, at=NOON) == 0
    assert not CustomerChange.objects.exists()


def test_what_gives_way_is_in_the_book_sealed_and_opens_for_her_and_the_officer() -> None:
    who = customer("Ann Archer", city="Paris", allergies="wool")
    news = told(customer_id=[who.id], city=["Lyon"], allergies=["silk"], id_document=["X9"])
    assert len(tell_customers(news, source_id=source(), by=STEN, at=NOON)) == 1
    for line in CustomerChange.objects.all():
        assert {bytes(cell)[0] for cell in (line.old, line.new) if cell is not None} == {1}
    opened, _ = open_customer(who.number, by=EMIL, because="a look")
    lines = {(line.field, line.old, line.new, line.who) for line in changes_of(opened)}
    assert lines == {
        ("city", "Paris", "Lyon", "Sten"), ("allergies", "wool", "silk; wool", "Sten"),
        ("id_document", None, "X9", "Sten"),
    }  # fmt: skip


def test_hours_she_sets_are_in_the_book_too() -> None:
    opened, _ = open_customer(ann().number, by=EMIL, because="a look")
    set_preferences(opened, preferred_channel="email", quiet_from=20, quiet_until=8, at=NOON)
    lines = {(line.subject, line.field, line.old, line.new) for line in changes_of(opened)}
    assert lines == {
        ("customer", "preferred_channel", "", "email"), ("customer", "quiet_from", None, "20"),
        ("customer", "quiet_until", None, "8"),
    }  # fmt: skip


def test_masked_stays_masked_and_open_is_open() -> None:
    who = ann()
    keep_sealed(who, "allergies", "wool")
    opened, facts = open_customer(who.number, by=DORA, because="at the counter")
    assert (facts.allergies, {one.value for one in contact_points_of(opened)}) == (None, {None})
    assert open_contact_point(opened, "phone", by=EMIL, because="x").value == "+15550100001"
    post = recipient(who.id, "letter")
    assert post is not None
    assert post.address == "1 Elm Street"


def test_a_cell_carried_to_somebody_else_does_not_open() -> None:
    one, other = ann(), bob()
    hers = ContactPoint.objects.get(customer=one, channel="email").value
    ContactPoint.objects.filter(customer=other, channel="email").update(value=hers)
    opened, _ = open_customer(other.number, by=EMIL, because="a look")
    with pytest.raises(KeyFileError, match="cannot be opened"):
        contact_points_of(opened)


def test_the_wrong_master_key_is_told_before_anything_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    ann()
    monkeypatch.setattr(settings, "MASTER_KEYS", MasterKeys(settings.HOME, {"REGULARS_KEY_MASTER_1": "ab" * 32}))
    monkeypatch.setattr(room, "_known_marks", set())
    with pytest.raises(KeyFileError) as caught:
        bob()
    assert caught.value.code == "key_of_another_house"
    assert MasterKey.objects.count() == 1


def test_opening_a_card_costs_less_than_a_millisecond() -> None:
    who = ann()
    keep_sealed(who, "allergies", "wool")
    row = CustomerKey.objects.get(customer=who)
    cells = [("contact_point.value", bytes(one.value)) for one in who.contact_points.all()]
    began = time.process_time()
    for _ in range(200):
        key = settings.MASTER_KEYS.open([Wrapped(who.id, bytes(row.wrapped), row.master_id)])[who.id]
        assert [key.open(*cell) for cell in cells]
    assert (time.process_time() - began) / 200 < 0.001


def test_addresses_open_by_the_ten_thousand_a_second() -> None:
    """Wide margin: some eighty thousand a second on one core at rest."""
    masters: MasterKeys = settings.MASTER_KEYS
    masters.make(1)
    made = masters.new(list(range(1, 5001)), 1)
    cells = [(wrapped, key.seal("contact_point.value", "+8613800138000")) for wrapped, key in made]
    began = time.process_time()
    keys = masters.open([wrapped for wrapped, _ in cells])
    opened = {keys[wrapped.customer_id].open("contact_point.value", cell) for wrapped, cell in cells}
    assert opened == {"+8613800138000"}
    assert 5000 / (time.process_time() - began) > 10_000


def test_a_key_lives_as_long_as_its_customer() -> None:
    who = ann()
    CustomerKey.objects.filter(customer=who).delete()
    opened, _ = open_customer(who.number, by=EMIL, because="a look")
    with pytest.raises(KeyFileError, match="destroyed"):
        contact_points_of(opened)
