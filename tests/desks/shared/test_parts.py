"""Every part, drawn by its tag."""

import re

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.safestring import SafeString

from regulars.desks.shared.parts import (
    Answer,
    Cell,
    Chart,
    Choice,
    Column,
    Cut,
    Funnel,
    HeatCell,
    HeatMap,
    Opening,
    Pager,
    Piece,
    Step,
    Table,
)
from regulars.desks.shared.words import GATE_RULES

pytestmark = pytest.mark.usefixtures("in_english")
SCRIPT = "<script>alert(1)</script>"


def drawn(source: str, **context: object) -> str:
    secret = {"csrf_input": SafeString('<input type="hidden" name="csrfmiddlewaretoken" value="token">')}
    return " ".join(engines["drawing"].from_string(source).render(context | secret).split())


def nine(*said: str) -> list[Answer]:
    return [Answer(rule, answer) for rule, answer in zip(GATE_RULES, [*said, *["not_asked"] * 9], strict=False)]


def strokes(html: str) -> list[str]:
    return re.findall(r'<i(?: class="(\w+)")?>', html)


def verdict(html: str) -> str:
    return re.findall(r'aria-label="([^"]+)"', html)[0]


def test_a_stop_by_privacy_is_veiled_and_what_follows_is_not_asked() -> None:
    html = drawn("{{ draw.gate_strip(answers) }}", answers=nine("pass", "pass", "stop"))
    assert strokes(html) == ["", "", "no", *["not"] * 6]
    assert verdict(html) == "stopped at rule 3: Channel"


def test_a_wait_by_tact_is_sand() -> None:
    html = drawn("{{ draw.gate_strip('ppppppwnn') }}")
    assert strokes(html) == [*[""] * 6, "wait", "not", "not"]
    assert verdict(html) == "waits at rule 7: Contact cap"


def test_a_privacy_rule_that_cannot_tell_waits_and_does_not_pass() -> None:
    html = drawn("{{ draw.gate_strip('pupppwppn') }}")
    assert strokes(html)[1] == "wait"
    assert verdict(html) == "waits at rule 2: Direct marketing"


def test_the_hold_out_is_outlined() -> None:
    html = drawn("{{ draw.gate_strip('ppppppppp', 'hold_out') }}")
    assert strokes(html) == ["hold"] * 9
    assert "kept back on purpose" in verdict(html)


def test_why_shows_only_the_rules_that_have_something_to_say() -> None:
    answers = [Answer("reason", "pass", "due in March"), Answer("channel", "stop", "takes no calls"), *nine()[:7]]
    html = drawn("{{ draw.why(answers, 'Why not: takes no calls') }}", answers=answers)
    assert html.count("<li") == 2
    assert 'class="veil"' in html


def test_privacy_rows_of_a_funnel_never_link_to_people() -> None:
    cuts = [Cut("want none", 10, 90, True, url="/people/"), Cut("cap", 5, 85, False, url="/people/cap/")]
    html = drawn("{{ draw.funnel(f) }}", f=Funnel("All", 100, cuts, "Left", 85))
    assert "/people/cap/" in html
    assert 'href="/people/"' not in html
    assert 'x="90.00%" width="10.00%"' in html


def test_an_empty_segment_still_draws_its_funnel() -> None:
    html = drawn("{{ draw.funnel(f) }}", f=Funnel("Nobody", 0, [Cut("want none", 0, 0, True)], "Left", 0))
    assert 'width="0.00%"' in html


def test_a_name_that_is_a_script_stays_a_name_everywhere() -> None:
    table = Table([Column("Name"), Column("n", numeric=True)], [[Cell(SCRIPT, small=SCRIPT), 3]])
    chart = Chart("c", SCRIPT, {"series": [{"name": SCRIPT}]}, table, note=SCRIPT)
    html = drawn(
        "{{ draw.chart(c) }}{{ draw.table(t) }}{{ draw.tag(x) }}{{ draw.coarse(x) }}{{ draw.masked(x) }}"
        "{% call draw.note() %}{{ x }}{% endcall %}",
        c=chart,
        t=table,
        x=SCRIPT,
    )
    assert SCRIPT not in html
    assert "<script id=" in html  # only the block of data
    assert html.count("<script") == 1


@pytest.mark.usefixtures("house")
def test_no_part_uses_a_style_attribute_or_a_handler() -> None:
    from regulars.desks.shared.pages import parts

    html = parts(RequestFactory().get("/parts/")).content.decode()
    assert not re.findall(r'\sstyle="', html)
    assert not re.findall(r'\son\w+="', html)
    assert not re.findall(r'<script(?![^>]*(src=|type="application/json"))', html)
    assert "<style" not in html


def test_figures_get_their_commas_and_text_stays() -> None:
    assert "4,871" in drawn("{{ draw.figure('Kept', 4871, '/kept/') }}")
    assert "4.8%" in drawn("{{ draw.figure('Response', '4.8%') }}")


def test_a_table_fills_in_plain_values() -> None:
    html = drawn(
        "{{ draw.table(t) }}", t=Table([Column("a"), Column("b", numeric=True), Column("c")], [["x", 12345, None]])
    )
    assert "12,345" in html
    assert "–" in html
    assert '<th scope="row"' in html


def test_what_is_minor_is_left_out_on_a_phone_in_head_and_rows() -> None:
    columns = [Column("a"), Column("b", numeric=True, minor=True), Column("c", wide=True)]
    html = drawn("{{ draw.table(t) }}", t=Table(columns, [["x", 1, "y"]]))
    assert html.count('class="num hide-s') == 2
    assert html.count('class="wrap') == 2


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        drawn("{{ draw.table(t) }}", t=Table([Column("a")], [["x", "y"]]))


def test_a_masked_value_that_can_be_opened_asks_why() -> None:
    opening = Opening("2 shop managers", "/customers/7/open/", [("K-118", "complaint K-118")], "identifying", "Mobile")
    html = drawn("{{ draw.masked('138 ••••', opening, key='mobile') }}", opening=opening)
    assert 'name="because"' in html
    assert 'value="K-118"' in html
    assert "csrfmiddlewaretoken" in html
    assert "Mobile, not shown. See who can open it" in html


def test_a_masked_value_nobody_here_can_open_is_not_a_button() -> None:
    assert "<button" not in drawn("{{ draw.masked() }}")


def test_unset_counts_as_no_and_says_so() -> None:
    html = drawn(
        "{{ draw.choices_panel(c) }}",
        c=[Choice("Sensitive data", "unset"), Choice("Phone", "denied"), Choice("SMS", "granted")],
    )
    assert "counts as no" in html
    assert [kind in html for kind in ('class="unset"', 'class="nope"', 'class="yes"')] == [True] * 3


def test_a_heat_map_is_a_table_of_links() -> None:
    shown = HeatMap(
        "RFM", "Recency", ["once"], [("0–30 days", [HeatCell("507", 1.0, "/people/?r=1", "507 people", True)])]
    )
    html = drawn("{{ draw.heat_map(m) }}", m=shown)
    assert '<td class="h10 chosen"><a href="/people/?r=1" aria-label="507 people" aria-current="true">507</a>' in html


def test_bars_follow_each_other() -> None:
    html = drawn("{{ draw.bar(b) }}", b=[Piece(0.6), Piece(0.4, "b3")])
    assert 'x="60.00%" width="40.00%"' in html
    assert 'width="100.00%"' in drawn("{{ draw.bar_to(12, 10) }}")
    assert 'width="0.00%"' in drawn("{{ draw.bar_to(1, 0) }}")


def test_the_step_under_way_is_told_to_those_who_listen() -> None:
    html = drawn("{{ draw.steps(s) }}", s=[Step("Draft", "2 March", "done"), Step("Test", "", "now"), Step("End")])
    assert html.count('aria-current="step"') == 1
    assert ", done" in html


def test_the_pager_tells_where_we_are() -> None:
    html = drawn("{{ draw.pager(p) }}", p=Pager(51, 100, 42108, "?page=1", "?page=3"))
    assert "51 to 100 of 42,108" in html
    assert html.count("<a ") == 2


def test_progress_asks_again_only_while_there_is_something_to_ask() -> None:
    assert 'hx-get="/run/1/"' in drawn("{{ draw.progress(5, 10, 'Import', '/run/1/') }}")
    assert "hx-get" not in drawn("{{ draw.progress(10, 10, 'Import') }}")


def test_an_icon_is_silent_unless_it_speaks() -> None:
    assert 'aria-hidden="true"' in drawn("{{ icon('sun') }}")
    assert 'role="img" aria-label="encrypted"' in drawn("{{ icon('lock', 'encrypted') }}")


def test_every_icon_named_in_a_template_is_drawn() -> None:
    from pathlib import Path

    from regulars.desks import shared

    home = Path(shared.__file__).parent
    drawn_ones = set(re.findall(r'symbol id="([^"]+)"', (home / "static/icons.svg").read_text()))
    named = {name for page in home.rglob("*.html") for name in re.findall(r'icon\("([^"]+)"', page.read_text())}
    assert named <= drawn_ones
