"""A sealed cell opens for its own customer and column, whole and unaltered, and for nothing else."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.connections.keys.envelope import DataKey, new_data_key, unwrap, wrap
from regulars.connections.keys.key_file import KeyFileError

PHONE: Final = "contact_point.value"
keys = st.binary(min_size=32, max_size=32)
texts = st.text(max_size=60)
numbers = st.integers(1, 2**40)
columns = st.sampled_from([PHONE, "customer.allergies", "customer.id_document", "customer.name"])


def refused(key: DataKey, column: str, cell: bytes) -> bool:
    with pytest.raises(KeyFileError) as caught:
        key.open(column, cell)
    return caught.value.code == "does_not_open"


@given(keys, numbers, columns, texts)
def test_what_is_sealed_opens_again(key: bytes, customer: int, column: str, text: str) -> None:
    cell = DataKey(customer, key).seal(column, text)
    assert DataKey(customer, key).open(column, cell) == text
    assert cell[0] == 1
    assert len(cell) == 1 + 12 + len(text.encode()) + 16


@given(keys, numbers, numbers, texts)
def test_another_customers_cell_does_not_open_even_under_the_same_key(
    key: bytes, one: int, other: int, text: str
) -> None:
    if one != other:
        assert refused(DataKey(other, key), PHONE, DataKey(one, key).seal(PHONE, text))


@given(keys, numbers, columns, columns, texts)
def test_another_columns_cell_does_not_open(key: bytes, customer: int, one: str, other: str, text: str) -> None:
    sealing = DataKey(customer, key)
    if one != other:
        assert refused(sealing, other, sealing.seal(one, text))


@given(keys, keys, numbers, texts)
def test_another_key_does_not_open(one: bytes, other: bytes, customer: int, text: str) -> None:
    if one != other:
        assert refused(DataKey(customer, other), PHONE, DataKey(customer, one).seal(PHONE, text))


@given(keys, texts, st.data())
def test_a_flipped_bit_does_not_open(key: bytes, text: str, data: st.DataObject) -> None:
    sealing = DataKey(7, key)
    cell = bytearray(sealing.seal(PHONE, text))
    bit = data.draw(st.integers(0, 8 * len(cell) - 1))
    cell[bit // 8] ^= 1 << bit % 8
    assert refused(sealing, PHONE, bytes(cell))


@given(keys, texts, st.integers(0, 60))
def test_a_cell_cut_short_does_not_open(key: bytes, text: str, kept: int) -> None:
    sealing = DataKey(7, key)
    cell = sealing.seal(PHONE, text)
    assert refused(sealing, PHONE, cell[: min(kept, len(cell) - 1)])


@given(keys, keys, texts, texts)
def test_only_the_same_cell_with_the_same_text_has_the_same_bytes(
    key: bytes, another: bytes, text: str, other: str
) -> None:
    cell = DataKey(7, key).seal(PHONE, text)
    assert cell == DataKey(7, key).seal(PHONE, text)
    different = [
        DataKey(8, key).seal(PHONE, text), DataKey(7, key).seal("customer.name", text),
        *([DataKey(7, another).seal(PHONE, text)] if another != key else []),
        *([DataKey(7, key).seal(PHONE, other)] if other != text else []),
    ]  # fmt: skip
    nonces = {one[1:13] for one in different} | {cell[1:13]}
    assert len(nonces) == len(different) + 1


@given(keys, numbers)
def test_a_wrapped_key_comes_back_for_its_customer_only(master: bytes, customer: int) -> None:
    key = new_data_key()
    locked = wrap(master, customer, key)
    assert unwrap(master, customer, locked) == key
    for other_master, other in ((master, customer + 1), (bytes(32 - len(master[1:])) + master[1:], customer)):
        if (other_master, other) != (master, customer):
            with pytest.raises(KeyFileError):
                unwrap(other_master, other, locked)


def test_the_same_key_wrapped_twice_does_not_look_the_same() -> None:
    assert wrap(bytes(32), 1, bytes(32)) != wrap(bytes(32), 1, bytes(32))
