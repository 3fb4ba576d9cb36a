"""Customers are found by what a clerk types; contacts are found exactly and stand nowhere in clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.cleaning.emails import read_email
from regulars.rules.cleaning.phones import read_phone
from regulars.rules.identity.finding import Lookup, all_tokens, contact_token, pair_of, query_tokens

KEY = b"a key of the house, kept outside"
PHONE, MAIL = "+8613800138000", "fang.wang@example.com"


def finds(typed: str, *names: str, number: str = "C-10042", refs: tuple[str, ...] = ("M0012",)) -> bool:
    """Whether the customer of these names is found, asked as the customers' door asks."""
    kept = all_tokens(names, [number, *refs], [("phone", PHONE), ("email", MAIL)], KEY, "CN")
    wanted = query_tokens(typed, KEY)
    asked = [*wanted, pair] if (pair := pair_of(wanted)) else wanted
    return bool(wanted) and all(any(_fits(token, lookup) for token in kept) for lookup in asked)


def _fits(token: str, lookup: Lookup) -> bool:
    if lookup.exact:
        return token in (lookup.token, *lookup.or_exactly)
    return lookup.token <= token < lookup.beyond


@pytest.mark.parametrize(
    "typed", ["王芳", "王", "芳", "wang", "wangf", "WANG FANG", "fang wang", "wf", "王fang", "王 芳"]
)
def test_wang_fang_by_any_of_her_spellings(typed: str) -> None:
    assert finds(typed, "王芳")


@pytest.mark.parametrize("typed", ["xiaoming wang", "wang xiaoming", "xi wa", "ming wangxiao", "wa mi"])
def test_the_parts_of_a_chinese_name_in_any_order(typed: str) -> None:
    assert finds(typed, "王小明")


@pytest.mark.parametrize("typed", ["neill ann", "oneill an", "ne an", "ann o'nei"])
def test_two_words_are_looked_for_together_in_every_spelling(typed: str) -> None:
    assert finds(typed, "Ann O'Neill")


@pytest.mark.parametrize("typed", ["shan", "shanxiong", "sxx", "dan xiong", "雄信", "单雄信"])
def test_a_surname_by_its_own_reading_and_by_the_usual_one(typed: str) -> None:
    assert finds(typed, "单雄信")


@pytest.mark.parametrize("typed", ["lv bu", "lvbu", "lu bu", "lü bu", "吕"])
def test_umlauts_of_pinyin(typed: str) -> None:
    assert finds(typed, "吕布")


@pytest.mark.parametrize("typed", ["muller", "mueller", "Müller", "jean", "luc mull", "jean-luc", "jeanluc"])
def test_accents_and_hyphens_do_not_hide_anybody(typed: str) -> None:
    assert finds(typed, "Jean-Luc Müller")


@pytest.mark.parametrize("typed", ["o'neill", "O’Neill", "oneill", "neill"])
def test_apostrophes(typed: str) -> None:
    assert finds(typed, "Ann O'Neill")


@pytest.mark.parametrize("typed", ["bob", "wangx", "芳王", "fa ng wa ng x"])
def test_others_are_not_found(typed: str) -> None:
    assert not finds(typed, "王芳")


@pytest.mark.parametrize("typed", ["C-10042", "c10042", "M0012", "m0012"])
def test_numbers_are_found_whole(typed: str) -> None:
    assert finds(typed, "王芳")
    assert not finds(typed[:-1], "王芳")


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "Fang.Wang@Example.com"])
def test_contacts_are_found_whole_and_never_by_a_beginning(typed: str) -> None:
    assert finds(typed, "王芳")
    assert not finds(typed[:-1], "王芳")


def test_a_card_number_that_looks_like_a_phone_is_found() -> None:
    assert finds("15912345678", "王芳", refs=("15912345678",))


def test_no_contact_stands_in_the_keys() -> None:
    kept = "".join(all_tokens(["王芳"], ["C-10042"], [("phone", PHONE), ("email", MAIL)], KEY, "CN"))
    assert "13800138000" not in kept and "example" not in kept
    assert contact_token("phone", PHONE, KEY) != contact_token("phone", PHONE, b"another key")


def test_letters_and_nonsense_have_no_contact_key() -> None:
    assert contact_token("letter", "Alder Row 5", KEY) is None
    assert contact_token("phone", "call me", KEY) is None


def test_phones_in_one_spelling() -> None:
    assert read_phone("(030) 23125-123", "DE") == "+493023125123"
    assert read_phone("+44 20 7946 0018") == "+442079460018"
    assert [read_phone(text, "CN") for text in ("", "12", "1" * 60, "Robert'); DROP TABLE", "１３８")] == [None] * 5


def test_mail_addresses_in_one_spelling() -> None:
    assert read_email("mailto:Ann@EXAMPLE.org") == "Ann@example.org"
    assert [read_email(text) for text in ("a@b", "@example.org", "a b@example.org", "a..b@example.org")] == [None] * 4


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_question_or_nothing(typed: str) -> None:
    for lookup in query_tokens(typed, KEY):
        assert lookup.token[:2] in ("w:", "n:", "k:") and len(lookup.token) > 2


@given(st.permutations(["王小明", "Ann Maria Archer", "Jörg Ößler"]), st.data())
def test_two_beginnings_of_one_name_always_share_its_key(names: list[str], data: st.DataObject) -> None:
    words = sorted(token.removeprefix("w:") for token in all_tokens(names[:1], [], [], KEY) if token[:2] == "w:")
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in data.draw(st.permutations(words))[:2]]
    if not any(is_initials(word, names[0]) for word in typed):
        assert finds(" ".join(typed), names[0])


def is_initials(word: str, name: str) -> bool:
    """Whether the word is only initials of 汉字, which are looked for by themselves."""
    return name == "王小明" and word in ("wx", "wxm")


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=12)


@given(st.lists(NAMES, min_size=1, max_size=3).map(" ".join))
def test_everybody_is_found_by_the_own_name(name: str) -> None:
    if not any(letter.isdecimal() for letter in name):
        assert not query_tokens(name, KEY) or finds(name, name)
