"""Free texts are looked at: how much is found, how much is found wrongly, and that covering covers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.free_text.sensitive import (
    COVER,
    KINDS,
    covered,
    find_sensitive,
    is_chinese_id,
    kinds_in,
    passes_luhn,
)
from regulars.rules.free_text.words import CHINESE, ENGLISH
from tests.rules.free_text.sentences import HARMLESS, TELLING


def test_of_sentences_written_by_hand_nine_in_ten_are_found_and_of_nine_found_ten_are_right() -> None:
    hits = sum(kind in kinds_in(text) for text, kind in TELLING)
    wrong = sum(bool(kinds_in(text)) for text in HARMLESS)
    recall, precision = hits / len(TELLING), hits / (hits + wrong)
    assert (hits, len(TELLING), wrong, len(HARMLESS)) == (49, 54, 0, 40)
    assert recall >= 0.9
    assert precision >= 0.95


@pytest.mark.parametrize(("text", "kind"), TELLING[:49])
def test_each_is_of_its_kind(text: str, kind: str) -> None:
    assert kind in kinds_in(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_notes_are_left_alone(text: str) -> None:
    assert kinds_in(text) == ()


@given(st.text(max_size=200))
def test_whatever_is_written_hits_lie_inside_and_apart(text: str) -> None:
    found = find_sensitive(text)
    assert all(0 <= hit.start < hit.end <= len(text) and hit.kind in KINDS for hit in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert bool(found) == (covered(text) != text)


@given(st.lists(st.sampled_from([text for text, _ in TELLING] + list(HARMLESS)), min_size=1, max_size=4).map("; ".join))
def test_what_is_covered_holds_nothing_any_more(text: str) -> None:
    assert find_sensitive(covered(text)) == ()
    assert (COVER in covered(text)) == bool(find_sensitive(text))


@given(
    st.sampled_from([word for words in CHINESE.values() for word in words]), st.sampled_from(["她说", "客人", "那天"])
)
def test_every_chinese_word_of_the_list_is_found(word: str, before: str) -> None:
    assert find_sensitive(f"{before}{word}。")


@given(st.sampled_from([word for words in ENGLISH.values() for word in words]))
def test_every_english_word_of_the_list_is_found_in_any_case(word: str) -> None:
    assert find_sensitive(f"She: {word.rstrip('*').upper()}.")


@given(st.integers(10**14, 10**15 - 1))
def test_one_digit_of_ten_makes_a_card_number(start: int) -> None:
    assert sum(passes_luhn(f"{start}{last}") for last in range(10)) <= 1


@given(st.dates(), st.integers(0, 999))
def test_one_check_digit_of_eleven_makes_an_id_number(born: object, order: int) -> None:
    start = f"110105{born:%Y%m%d}{order:03}"
    assert sum(is_chinese_id(start + last) for last in "0123456789X") == (1 if len(start) == 17 else 0)
