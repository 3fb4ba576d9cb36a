"""Every sentence a person can see exists in 中文, and in good 中文."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from tests.house.words import Sentence, catalogues, in_python, in_template, marked_sentences

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;!?]|[\u4e00-\u9fff]:(?!//)|[\u4e00-\u9fff]\.(?=\s|$)")
CATALOGUES = catalogues()


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def chinese(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def messages() -> Iterator[tuple[str, Message]]:
    """Every translated sentence with the place it stands at."""
    for path, catalogue in CATALOGUES.items():
        for message in catalogue:
            if message.id:
                yield f"{path}: {english(message)!r}", message


def has(catalogue: Catalog, sentence: Sentence) -> bool:
    return catalogue.get(sentence.english, sentence.context or None) is not None


def test_every_marked_sentence_is_in_a_translation_file() -> None:
    sentences = marked_sentences()
    assert sentences
    assert not sorted(
        {f"{s.where}: {s.english!r}" for s in sentences if not any(has(c, s) for c in CATALOGUES.values())}
    )


def test_a_sentence_within_an_f_string_is_a_sentence_too() -> None:
    text = """f"{_('near')}"; ngettext("%(n)s day", "%(n)s days", n); pgettext_lazy("verb", 'Close'); _(word)"""
    assert [(one.context, one.english) for one in in_python(text, "here")] == [
        ("", "%(n)s day"), ("verb", "Close"), ("", "near"),
    ]  # fmt: skip


def test_every_sentence_has_its_chinese() -> None:
    assert not [where for where, message in messages() if message.fuzzy or not all(chinese(message))]


def test_a_sentence_of_three_words_is_not_left_in_english() -> None:
    long = [
        (where, m) for where, m in messages() if len(re.findall(r"[a-z]{2,}", PLACEHOLDER.sub("", english(m)))) >= 3
    ]
    assert not [where for where, m in long if not all(CHINESE.search(text) for text in chinese(m))]


def test_what_is_filled_in_is_filled_in_in_both_languages() -> None:
    wrong = []
    for where, message in messages():
        asked = [
            set(PLACEHOLDER.findall(text)) for text in ([message.id] if isinstance(message.id, str) else message.id)
        ]
        wrong += [where for text in chinese(message) if set(PLACEHOLDER.findall(text)) not in (asked[0], asked[-1])]
    assert not wrong


def test_chinese_has_chinese_punctuation_and_is_polite() -> None:
    texts = [(where, text) for where, message in messages() for text in chinese(message)]
    assert not [where for where, text in texts if HALF_WIDTH.search(text)]
    assert not [where for where, text in texts if "你" in text]


def test_the_same_english_is_the_same_chinese_everywhere() -> None:
    said: dict[tuple[str, str], dict[str, str]] = {}
    for where, message in messages():
        said.setdefault((message.context or "", english(message)), {})["|".join(chinese(message))] = where
    assert not [list(ways.values()) for ways in said.values() if len(ways) > 1]


#: Said otherwise in the glossary or on the pages people know: one word for one thing.
NOT_OUR_WORDS = (
    "(?<!首席)隐私官",
    "搁置",
    "数据管理员",
    "访问记录",
    "顾客",
    "分店",
    "分群",
    "隐私声明",
    "合作伙伴",
    "权限不足",
    "非法",
)


@pytest.mark.parametrize("word", NOT_OUR_WORDS)
def test_one_thing_has_one_word_in_chinese(word: str) -> None:
    said = [(where, text) for where, message in messages() for text in chinese(message) if re.search(word, text)]
    assert not said


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<b>{{ _('Find') }}</b>", ["Find"]),
        ('{% set title = _("It\'s Ann") %}', ["It's Ann"]),
        ("{% trans trimmed a=b %}\n One {{ a }}\n two\n{% endtrans %}", ["One %(a)s two"]),
        ("{% trans n=n %}one{% pluralize n %}{{ n }} many{% endtrans %}", ["one"]),
        ("{{ pgettext('month', 'May') }}", ["May"]),
        ("{% trans 'month' %}May{% endtrans %}", ["May"]),
        ("{{ draw.part(title=_('Lapse list')) }}{{ _('Due') }}", ["Lapse list", "Due"]),
        ("{{ _(said) }}", []),
    ],
)  # fmt: skip
def test_sentences_in_templates_are_found(template: str, expected: list[str]) -> None:
    assert [sentence.english for sentence in in_template(template, "x.html")] == expected
