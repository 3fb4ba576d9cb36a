"""Whatever people paste: every cleaner answers, tells only reasons of the list, and has nothing to do a second time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.rules.cleaning.addresses import clean_address, clean_whole_address
from regulars.rules.cleaning.cleaned import CHANGES, DOUBTS, Cleaned
from regulars.rules.cleaning.company_codes import clean_company_code
from regulars.rules.cleaning.dates import clean_date
from regulars.rules.cleaning.emails import clean_email
from regulars.rules.cleaning.names import clean_name, clean_parts
from regulars.rules.cleaning.phones import clean_phone
from regulars.rules.cleaning.places import Address
from regulars.rules.cleaning.postcodes import clean_postcode
from regulars.rules.cleaning.resident_ids import clean_resident_id

TODAY = date(2026, 11, 1)
COUNTRIES = ("", "CN", "US", "GB", "DE", "FR", "JP", "NL", "HK")
#: Pieces that cleaners look for, so that random texts come near them.
PIECES = (
    "王", "芳", "單", "欧阳", "司马", "女士", "先生", "（VIP）", "·", "*", "某", "Wang", "Fang", "ANN", "ARCHER", "ann", "Mr", "Dr.",
    "Jr.", "van", "der", "O'Neill", "McDonald", ",", "，", "、", "&", "+86", "0086", "138", "0013", "8000", "13800138000", "ext",
    "转", "@", "＠", "example.com", "gmial.com", "(at)", "mailto:", "<", ">", "浙江省", "杭州市", "杭州", "西湖区", "北京市", "朝阳",
    "上海", "南京", "鼓楼区", "昆山市", "文三路", "人民大街", "9", "90号", "1566弄", "3号楼", "2单元", "502室", "3-2-501", "望京街道",
    "310012", "村", "路", "镇", "收", "王芳收", "收件人：王芳", "号", "A座", "12楼", "Apt 4B", "PO Box", "Street", "SW1A 1AA", "2026", "年", "月", "日", "-", "/", ".", "12",
    "二〇二六", "十", "民国", "March", "０１２", "　", "\u200b", "\u202e", "\x00", "\n", "😀", "👩‍👩‍👧", "محمد", "ｱﾝ", "ﾞ", "e\u0301", "\ufeff",
    "\u3164", "\uffa0", "\ud800", "İ", "ß", "ǆ", "²", "①", "Ⅲ", "330106199101010074", "x", "X", "N/A", "\ufffe", "\u0345", "ŉ", "ﬀ",
    "(", ")", "]", "“", "”", "née", "III", "Chan", "Tai Man", "陳大文", "Peter", "尊敬的", "•", "'", "邮编", "Tel:",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
)
CLEANERS: dict[str, Callable[[str, str], Cleaned[Any]]] = {
    "name": clean_name,
    "phone": clean_phone,
    "email": lambda text, _: clean_email(text),
    "postcode": clean_postcode,
    "address": lambda text, country: clean_address(text, country=country),
    "whole address": clean_whole_address,
    "resident id": lambda text, _: clean_resident_id(text, at=TODAY),
    "company code": lambda text, _: clean_company_code(text),
    "date": lambda text, _: clean_date(text, at=TODAY),
    "parts": lambda text, _: clean_parts(text[:3], text[3:]),
}
SPELLED: dict[str, Callable[[Any], str]] = {
    "name": lambda name: str(name.display),
    "phone": lambda phone: str(phone.dialled),
    "email": str,
    "postcode": str,
    "resident id": lambda found: str(found.number),
    "company code": lambda found: str(found.code),
    "date": lambda found: str(found.isoformat()),
}


@pytest.mark.parametrize("kind", CLEANERS)
@given(text=TEXTS, country=st.sampled_from(COUNTRIES))
@settings(max_examples=150, deadline=None)
def test_every_cleaner_answers_and_keeps_the_original(kind: str, text: str, country: str) -> None:
    found = CLEANERS[kind](text, country)
    if kind != "parts":
        assert found.original == text
    assert {change.reason for change in found.changes} <= CHANGES
    assert {doubt.reason for doubt in found.doubts} <= DOUBTS
    assert found.value is not None or found.doubts, "what is unusable says why"
    assert all(change.before != change.after for change in found.changes)


@pytest.mark.parametrize("kind", SPELLED)
@given(text=TEXTS, country=st.sampled_from(COUNTRIES))
@example(text="ARCHER, Ann", country="")
@example(text="WANG Fang", country="CN")
@example(text="女士女士", country="")
@example(text="ɭİA", country="")
@example(text="i\u0307a bob", country="")
@example(text="M,", country="")
@example(text=", Mr,", country="")
@example(text="MR X", country="")
@example(text="a 00A ¹A", country="")
@example(text="00001X0", country="CN")
@example(text="⼀().⼀", country="")
@example(text="]A,(", country="")
@example(text="Li 王先生", country="")
@example(text="geb. Cook, Ann", country="")
@example(text="尊(0)敬的王芳女士", country="")
@example(text="尊敬的•王芳女士", country="")
@example(text="Archer,III Ann", country="")
@example(text="RON×ALD MCDONA-Tai, Jr.", country="")
@example(text="a@b.de'; c@d.de", country="")
@example(text="an*n(at)exam~ple.com", country="")
@example(text="ann '@ example。com", country="")
@example(text="0571888#8888", country="CN")
@example(text="021-12345\u200b678#-123", country="JP")
@example(text="邮编邮编²", country="FR")
@settings(max_examples=300, deadline=None)
def test_what_is_clean_stays_as_it_is(kind: str, text: str, country: str) -> None:
    first = CLEANERS[kind](text, country)
    if first.value is None:
        return
    again = CLEANERS[kind](SPELLED[kind](first.value), country)
    assert again.value is not None, text
    assert SPELLED[kind](again.value) == SPELLED[kind](first.value), (text, country)
    assert again.changes == (), (text, country)


COLUMNS = st.sampled_from(
    ("", "浙江", "浙江省", "杭州", "北京市", "南京市", "昆山市", "Boston", "CA", "Hangzhou", "鼓楼区")
)


@given(text=TEXTS, city=COLUMNS, region=COLUMNS, country=st.sampled_from(COUNTRIES))
@example(text="鼓楼区昆山市", city="", region="", country="")
@example(text="310000中国浙江省西湖区文三路90】号(邮编310012)", city="", region="", country="CN")
@example(text="文三路90号3幢502室王芳,收", city="", region="", country="")
@example(text="收件人：王芳 -", city="", region="", country="GB")
@example(text="文三路90号 1 3800138000", city="", region="", country="")
@example(text="邮编 12 330106199101010074 310000", city="", region="", country="CN")
@settings(max_examples=500, deadline=None)
def test_a_clean_address_stays_as_it_is(text: str, city: str, region: str, country: str) -> None:
    first = clean_address(text, city=city, region=region, country=country).value
    if first is None:
        return
    again = _cleaned_again(first)
    assert again.value is not None, text
    assert again.value == first, (text, city, region, country)
    assert again.changes == (), (text, city, region, country)


def _cleaned_again(address: Address) -> Cleaned[Address]:
    return clean_address(
        address.line, city=address.city, region=address.region, postcode=address.postcode,
        country=address.country, district=address.district,
    )  # fmt: skip


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_sign_of_a_chinese_line_lands_in_a_part(text: str) -> None:
    found = clean_address(text, country="CN").value
    if found is None or found == replace(found, parts=type(found.parts)()) or found.parts.street == found.line:
        return
    parts = found.parts
    landed = "".join(getattr(parts, name) for name in type(parts).__dataclass_fields__)
    wanted = [sign for sign in found.line if sign.isalnum()]
    assert sorted(sign for sign in landed if sign.isalnum()) == sorted(wanted), text


@pytest.mark.parametrize("kind", CLEANERS)
@pytest.mark.parametrize(
    "text",
    [
        "王" * 10_000, "A " * 5_000, "😀" * 10_000, "\x00" * 10_000, "1" * 10_000, "(" * 10_000, "一" * 10_000, "12号" * 3_333,
        "a@" * 5_000, "٣" * 10_000, "محمد " * 2_000, "ｱ" * 10_000, "杭州市" * 3_333, "-" * 9_999 + "1", "王 " * 5_000,
        "路" * 10_000, "村" * 10_000, "," * 10_000, "12," * 3_000, "a" * 10_001, "\u200d" * 10_000, "wang " * 2_000, "3-" * 5_000,
    ],
    ids=lambda text: f"{text[:3]!a}×{len(text)}",
)  # fmt: skip
def test_ten_thousand_signs_of_anything_are_answered(kind: str, text: str) -> None:
    assert CLEANERS[kind](text, "CN").validity in ("valid", "doubtful", "unusable")
