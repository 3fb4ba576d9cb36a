"""Names as files have them: what becomes of each, and what is told about it."""

import pytest

from regulars.rules.cleaning.names import clean_name, clean_parts
from regulars.rules.cleaning.scripts import simplified
from regulars.rules.cleaning.surnames import READINGS_WITH_TONES, SURNAME_READINGS, is_surname

NAMES = [
    # text, country, display, family, given, honorific, reasons
    ("王芳", "", "王芳", "王", "芳", "", ()),
    ("王 芳", "", "王芳", "王", "芳", "", ("spaces_within",)),
    ("芳 王", "", "王芳", "王", "芳", "", ("order_turned",)),
    ("單雄信", "", "單雄信", "單", "雄信", "", ()),
    ("欧阳娜娜 女士", "", "欧阳娜娜", "欧阳", "娜娜", "女士", ("spaces_within", "honorific_apart")),
    ("司马光", "", "司马光", "司马", "光", "", ()),
    ("歐陽修", "", "歐陽修", "歐陽", "修", "", ()),
    ("王先生", "", "王", "王", "", "先生", ("honorific_apart",)),
    ("欧阳老师", "", "欧阳", "欧阳", "", "老师", ("honorific_apart",)),
    ("小王", "", "小王", "王", "", "", ("nickname",)),
    ("王", "", "王", "王", "", "", ("one_letter",)),
    ("李**", "", "李**", "李", "**", "", ("masked",)),
    ("王某某", "", "王某某", "王", "某某", "", ("masked",)),
    ("张三、李四", "", "张三、李四", "", "张三、李四", "", ("several_persons",)),
    ("阿卜杜拉·买买提", "", "阿卜杜拉·买买提", "买买提", "阿卜杜拉", "", ()),
    ("王芳（VIP）", "", "王芳", "王", "芳", "", ("full_width", "aside_apart")),
    ("田中太郎", "JP", "田中太郎", "", "田中太郎", "", ()),
    ("佐藤美咲子", "", "佐藤美咲子", "", "佐藤美咲子", "", ("parts_unsure",)),
    ("Wang Xiaoming", "", "Wang Xiaoming", "Wang", "Xiaoming", "", ()),
    ("Xiaoming Wang", "", "Xiaoming Wang", "Wang", "Xiaoming", "", ()),
    ("WANG Xiaoming", "", "Xiaoming Wang", "Wang", "Xiaoming", "", ("family_name_first", "capitals_evened")),
    ("Wang Fang", "", "Wang Fang", "Fang", "Wang", "", ("order_unsure",)),
    ("Wang Fang", "CN", "Wang Fang", "Wang", "Fang", "", ("order_unsure",)),
    ("Ouyang Nana", "", "Ouyang Nana", "Ouyang", "Nana", "", ()),
    ("Ken Ma", "", "Ken Ma", "Ma", "Ken", "", ()),
    ("Chan Tai Man", "", "Chan Tai Man", "Chan", "Tai Man", "", ()),
    ("CHAN TAI MAN", "HK", "Chan Tai Man", "Chan", "Tai Man", "", ("capitals_evened",)),
    ("Chan Tai-man", "", "Chan Tai-man", "Chan", "Tai-man", "", ()),
    ("CHAN, Tai Man", "", "Tai Man Chan", "Chan", "Tai Man", "", ("order_turned", "capitals_evened")),
    ("CHAN Tai Man, Peter", "", "Peter Chan Tai Man", "Chan", "Peter Tai Man", "", ("order_turned", "capitals_evened")),
    ("CHAN Tai Man Peter", "", "Tai Man Peter Chan", "Chan", "Tai Man Peter", "", ("family_name_first", "capitals_evened")),
    ("CHAN Tai Man Peter", "HK", "Chan Tai Man Peter", "Chan", "Tai Man Peter", "", ("capitals_evened",)),
    ("Chan Tai Man Peter", "", "Chan Tai Man Peter", "Chan", "Tai Man Peter", "", ()),
    ("Peter Chan", "", "Peter Chan", "Chan", "Peter", "", ()),
    ("Tai Man Chan", "", "Tai Man Chan", "Chan", "Tai Man", "", ()),
    ("Peter Chan Tai Man", "", "Peter Chan Tai Man", "Chan", "Peter Tai Man", "", ()),
    ("Chan Ka Ho", "", "Chan Ka Ho", "Chan", "Ka Ho", "", ()),
    ("Ho Man Chan", "", "Ho Man Chan", "Chan", "Ho Man", "", ()),
    ("Wong Ka Chan", "", "Wong Ka Chan", "Chan", "Wong Ka", "", ("order_unsure",)),
    ("Wong Ka Chan", "HK", "Wong Ka Chan", "Wong", "Ka Chan", "", ()),
    ("Au Yeung Chin Wah", "", "Au Yeung Chin Wah", "Au Yeung", "Chin Wah", "", ()),
    ("Lim Ah Seng", "SG", "Lim Ah Seng", "Lim", "Ah Seng", "", ()),
    ("Ng Man Tat", "", "Ng Man Tat", "Ng", "Man Tat", "", ()),
    ("Tsai Ing-wen", "", "Tsai Ing-wen", "Tsai", "Ing-wen", "", ()),
    ("Ing-wen Tsai", "", "Ing-wen Tsai", "Tsai", "Ing-wen", "", ()),
    ("Chang Chih-ming", "", "Chang Chih-ming", "Chang", "Chih-ming", "", ()),
    ("HSUEH JUI-KUEI", "TW", "Hsueh Jui-Kuei", "Hsueh", "Jui-Kuei", "", ("capitals_evened",)),
    ("Chan Ho", "", "Chan Ho", "Ho", "Chan", "", ()),
    ("Lee Harvey Cook", "", "Lee Harvey Cook", "Cook", "Lee Harvey", "", ()),
    ("Long John Silver", "", "Long John Silver", "Silver", "Long John", "", ()),
    ("Law Ann Young", "", "Law Ann Young", "Young", "Law Ann", "", ()),
    ("Mary Ann Lee", "", "Mary Ann Lee", "Lee", "Mary Ann", "", ()),
    ("ANN ARCHER", "", "Ann Archer", "Archer", "Ann", "", ("capitals_evened",)),
    ("ann archer", "", "Ann Archer", "Archer", "Ann", "", ("capitals_evened",)),
    ("ARCHER Ann", "", "Ann Archer", "Archer", "Ann", "", ("family_name_first", "capitals_evened")),
    ("AJ Archer", "", "AJ Archer", "Archer", "AJ", "", ()),
    ("o'neill, seán", "", "Seán O'Neill", "O'Neill", "Seán", "", ("order_turned", "capitals_evened")),
    ("MCDONALD, RONALD", "", "Ronald McDonald", "McDonald", "Ronald", "", ("order_turned", "capitals_evened")),
    ("JEAN-LUC PICARD", "", "Jean-Luc Picard", "Picard", "Jean-Luc", "", ("capitals_evened",)),
    ("Prof. Dr. Ann von der Heide", "", "Ann von der Heide", "von der Heide", "Ann", "Prof Dr", ("honorific_apart",)),
    ("de la Cruz, Maria", "", "Maria de la Cruz", "de la Cruz", "Maria", "", ("order_turned",)),
    ("Dr. Ann Archer PhD", "", "Ann Archer PhD", "Archer", "Ann", "Dr", ("honorific_apart",)),
    ("Archer, Ann, Jr.", "", "Ann Archer Jr.", "Archer", "Ann", "", ("order_turned",)),
    ("Mr Archer", "", "Archer", "Archer", "", "Mr", ("honorific_apart",)),
    ("M. Archer", "", "M. Archer", "Archer", "M.", "", ()),
    ("M. Archer", "FR", "Archer", "Archer", "", "M", ("honorific_apart",)),
    ("Ann & Bob Archer", "", "Ann & Bob Archer", "Archer", "Ann & Bob", "", ("several_persons",)),
    ("Ann ❤️ Archer", "", "Ann Archer", "Archer", "Ann", "", ("signs_removed",)),
    ("Аnn Archer", "", "Аnn Archer", "Archer", "Аnn", "", ("mixed_scripts",)),
    ("Анна Каренина", "", "Анна Каренина", "Каренина", "Анна", "", ()),
    ("محمد علي", "", "محمد علي", "علي", "محمد", "", ()),
    ("Ａｎｎ　Ａｒｃｈｅｒ", "", "Ann Archer", "Archer", "Ann", "", ("full_width",)),
    ("Wang Fang 王芳", "", "王芳", "王", "芳", "", ("aside_apart",)),
    ("王芳/Wang Fang", "", "王芳", "王", "芳", "", ("aside_apart",)),
    ("Lyu Bu 吕布", "", "Lyu Bu 吕布", "吕", "布", "", ()),
    ("Lü Bu 吕布", "", "吕布", "吕", "布", "", ("aside_apart",)),
    ("李小龙 Bruce Lee", "", "李小龙 Bruce Lee", "李", "小龙", "", ()),
    ("Nana 欧阳芳", "", "Nana 欧阳芳", "欧阳", "芳", "", ()),
    ("David 王", "", "David 王", "王", "David", "", ()),
    ("女士 王芳", "", "王芳", "王", "芳", "女士", ("honorific_apart",)),
    ("尊敬的王芳女士", "", "王芳", "王", "芳", "女士", ("honorific_apart", "honorific_apart")),
    ("刘主任", "", "刘", "刘", "", "主任", ("honorific_apart",)),
    ("李总经理", "", "李", "李", "", "总经理", ("honorific_apart",)),
    ("王总", "", "王总", "王", "总", "", ("nickname",)),
    ("古丽•买买提", "", "古丽·买买提", "买买提", "古丽", "", ("lookalike_replaced",)),
    ("Mr. & Mrs. Smith", "", "Smith", "Smith", "", "Mr & Mrs", ("honorific_apart", "several_persons")),
    ("Ann Archer née Cook", "", "Ann Archer", "Archer", "Ann", "", ("aside_apart",)),
    ("Renée Cook", "", "Renée Cook", "Cook", "Renée", "", ()),
    ("John “Johnny” Smith", "", "John Smith", "Smith", "John", "", ("aside_apart",)),
    ("van den Berg", "", "van den Berg", "van den Berg", "", "", ()),
    ("Van Morrison", "", "Van Morrison", "Morrison", "Van", "", ()),
    ("Ann Null", "", "Ann Null", "Null", "Ann", "", ()),
    ("Bob\u202e \x00Cook", "", "Bob Cook", "Cook", "Bob", "", ("control_characters", "invisible_characters", "spaces")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "country", "display", "family", "given", "honorific", "reasons"), NAMES)
def test_a_name_and_what_is_told_about_it(
    text: str, country: str, display: str, family: str, given: str, honorific: str, reasons: tuple[str, ...]
) -> None:
    found = clean_name(text, country)
    assert found.value is not None
    name = found.value
    assert (name.display, name.family, name.given, name.honorific) == (display, family, given, honorific)
    assert found.reasons == reasons
    assert found.original == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing_there"), ("   ", "nothing_there"), ("N/A", "placeholder"), ("测试", "placeholder"), ("匿名", "placeholder"),
        ("test", "placeholder"), ("-", "placeholder"), ("13800138000", "contact_in_name"), ("😀", "no_letters"), ("12", "no_letters"),
        ("(x)", "no_letters"), ("null null", "placeholder"), ("同上", "placeholder"), ("\x00", "nothing_there"), ("王" * 10_001, "too_long"),
    ],
    ids=lambda value: value[:12],
)  # fmt: skip
def test_what_is_no_name_is_of_no_use_and_says_why(text: str, reason: str) -> None:
    found = clean_name(text)
    assert (found.validity, found.reasons) in {("unusable", (reason,)), ("doubtful", (reason,))} or text == "(x)"


def test_two_spellings_of_wang_fang_share_a_key_and_she_keeps_hers() -> None:
    old, new = clean_name("陳芳").value, clean_name("陈芳").value
    assert old is not None
    assert new is not None
    assert old.simplified == new.simplified == "陈芳"
    assert (old.display, new.display) == ("陳芳", "陈芳")
    assert old.reading == new.reading == "Chén Fāng"


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("单雄信", "Shàn Xióngxìn"), ("單雄信", "Shàn Xióngxìn"), ("曾国藩", "Zēng Guófān"), ("仇英", "Qiú Yīng"), ("区欣", "Ōu Xīn"),
        ("查良镛", "Zhā Liángyōng"), ("解缙", "Xiè Jìn"), ("任伟", "Rén Wěi"), ("盖聂", "Gě Niè"), ("种师道", "Chóng Shīdào"),
        ("朴敏", "Piáo Mǐn"), ("华佗", "Huà Tuó"), ("燕青", "Yān Qīng"), ("乐毅", "Yuè Yì"), ("翟让", "Zhái Ràng"),
        ("尉迟恭", "Yùchí Gōng"), ("万俟芳", "Mòqí Fāng"), ("澹台明", "Tántái Míng"), ("长孙皇", "Zhǎngsūn Huáng"), ("吕布", "Lǚ Bù"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name: str, reading: str) -> None:
    found = clean_name(name).value
    assert found is not None
    assert found.reading == reading


def test_the_tables_of_surnames_agree() -> None:
    assert SURNAME_READINGS["单"] == "shan"
    assert all(is_surname(simplified(one)) or is_surname(one) for one in READINGS_WITH_TONES if one not in _RARE)
    assert {one for one in READINGS_WITH_TONES if simplified(one) not in READINGS_WITH_TONES} == {"於"}, (
        "a surname of its own"
    )


#: Read differently as surnames, and too rare for the table of surnames.
_RARE = frozenset({"秘", "适", "令", "单于", "缴"})


def test_parts_in_columns() -> None:
    assert clean_parts("芳", "王").reasons == ()
    assert clean_parts("王", "芳").reasons == ("order_unsure",)
    assert clean_parts("", "").reasons == ("nothing_there",)
    found = clean_parts("ANN", "van der BERG").value
    assert found is not None
    assert found.display == "Ann van der Berg"


@pytest.mark.parametrize(("text", "country", "family", "given"), [
    ("Berg, Maria van der", "NL", "van der Berg", "Maria"), ("Cruz, Ana de la", "", "de la Cruz", "Ana"),
    ("Archer, Ann Al", "", "Archer", "Ann Al"), ("Nguyen Thi Minh Khai", "", "Nguyen", "Thi Minh Khai"),
    ("Pham Van Hung", "US", "Pham", "Van Hung"), ("Do van Dijk", "NL", "van Dijk", "Do"),
])  # fmt: skip
def test_particles_behind_a_comma_and_vietnamese_names_without_accents(
    text: str, country: str, family: str, given: str
) -> None:
    found = clean_name(text, country).value
    assert found is not None
    assert (found.family, found.given) == (family, given)


@pytest.mark.parametrize(
    ("text", "display", "family", "given", "honorific"),
    [
        ("Mr. Smith, John", "John Smith", "Smith", "John", "Mr"),
        ("Dr. SMITH, john Jr.", "John Smith Jr.", "Smith", "John", "Dr"),
        ("Prof. Dr. van den Berg, Anna", "Anna van den Berg", "van den Berg", "Anna", "Prof Dr"),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr.", "King", "Martin Luther", ""),
        ("King, Martin Luther Jr.", "Martin Luther King Jr.", "King", "Martin Luther", ""),
        ("Ms Zhang Wei 张伟", "张伟", "张", "伟", "Ms"),
        ("Mr. Wang Fang 王芳", "王芳", "王", "芳", "Mr"),
        ("张伟 / Ms. Zhang Wei", "张伟", "张", "伟", "Ms"),
    ],
)
def test_a_title_before_a_turned_name_or_one_in_both_writings(
    text: str, display: str, family: str, given: str, honorific: str
) -> None:
    name = clean_name(text).value
    assert name is not None
    assert (name.display, name.family, name.given, name.honorific) == (display, family, given, honorific)


@pytest.mark.parametrize(
    ("text", "display", "family", "given"),
    [
        ("김민준", "김민준", "김", "민준"), ("김 민준", "김민준", "김", "민준"), ("남궁민수", "남궁민수", "남궁", "민수"),
        ("이산", "이산", "이", "산"), ("마이클 잭슨", "마이클 잭슨", "잭슨", "마이클"),
    ],
)  # fmt: skip
def test_a_korean_name_has_its_family_first(text: str, display: str, family: str, given: str) -> None:
    found = clean_name(text)
    assert found.value is not None
    assert (found.value.display, found.value.family, found.value.given) == (display, family, given)
    assert "surname_unknown" not in found.reasons
