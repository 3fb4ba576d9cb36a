"""Pages hold no inline style or script, so that the content-security-policy can forbid both; nor fetch from outside."""

import re

import pytest

from tests.house.files import inside, own_files

STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?![^>]*\b(src=|type=\"application/json\"))", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
EVALUATED = re.compile(r"javascript:|\shx-on\b|hx-vals\s*=\s*[\"']js:|hx-vars", re.IGNORECASE)
OUTSIDE = re.compile(
    r"<(script|link|img|iframe|source|video|audio|form)\b[^>]*\b(src|href|action)\s*=\s*[\"'](https?:)?//",
    re.IGNORECASE,
)
COMMENT = re.compile(r"{#.*?#}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


@pytest.mark.parametrize(
    "forbidden",
    [STYLE, SCRIPT, HANDLER, EVALUATED, OUTSIDE],
    ids=["style", "script", "handler", "evaluated", "outside"],
)
def test_templates_hold_none(forbidden: re.Pattern[str]) -> None:
    templates = own_files(".html")
    assert templates
    texts = [(path, TAG.sub("", COMMENT.sub("", path.read_text()))) for path in templates if "templates" in path.parts]
    assert not [f"{inside(path)}: {found[0].strip()[:80]}" for path, text in texts if (found := forbidden.search(text))]


def test_style_sheets_and_scripts_fetch_nothing_from_outside() -> None:
    outside = re.compile(
        r"url\(\s*[\"']?(https?:)?//|@import\s+[\"']https?:|fetch\(\s*[\"']https?:|import\s*\(?[\"']https?:"
    )
    assert not [inside(path) for path in own_files(".css", ".js") if outside.search(path.read_text())]


def test_templates_mark_what_is_safe_nowhere() -> None:
    """`|safe` and `autoescape` switch off what keeps a customer's name from being a script; so do words that are not
    written out where they are translated."""
    texts = [(path, COMMENT.sub("", path.read_text())) for path in own_files(".html") if "templates" in path.parts]
    unsafe = re.compile(r"\|\s*safe\b|autoescape|Markup|pgettext\((?!\")|(?<![p\w])n?gettext\(|\|\s*(xmlattr|tojson)\b")
    assert not [inside(path) for path, text in texts if unsafe.search(text)]
