"""How segments overlap, as a picture: up to six of them, the one looked at in jade."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.charts import Picture, segment_overlap
from regulars.desks.marketing.today_drawn import named
from regulars.desks.marketing.ways import way_to, with_changes
from regulars.desks.shared.parts import Chart, Key
from regulars.desks.shared.pictures import framed
from regulars.journeys.explore_segment import Overlap
from regulars.records.segments.access import SegmentFacts

COMPARED_AT_MOST: Final = 6
COMPARED_USUALLY: Final = 5


def keys_asked(facts: SegmentFacts, living: Sequence[SegmentFacts], wanted: Sequence[str]) -> list[str]:
    """The segments to compare: this one first, then those asked for, else the largest others; six at most."""
    others = [one.key for one in living if one.key != facts.key and one.count]
    chosen = [key for key in dict.fromkeys(wanted) if key in others]
    if not chosen:
        sized = sorted((one for one in living if one.key in others), key=lambda one: -one.count)
        chosen = [one.key for one in sized][: COMPARED_USUALLY - 1]
    return [facts.key, *chosen][:COMPARED_AT_MOST]


def overlap_picture(overlap: Overlap, facts: SegmentFacts, living: Sequence[SegmentFacts], language: str) -> Picture:
    """The picture with the names of the segments."""
    words = {one.key: named(one.name, one.name_zh, language) for one in (*living, facts)}
    words |= {"segments": pgettext("column", "In exactly"), "customers": pgettext("column", "People")}
    return segment_overlap(dict(overlap.sizes), overlap.exactly, chosen=facts.key, words=words)


def overlap_drawn(overlap: Overlap, facts: SegmentFacts, living: Sequence[SegmentFacts], language: str) -> Chart:
    """The picture with everything around it."""
    name = named(facts.name, facts.name_zh, language)
    others = [key for key in overlap.keys if key != facts.key]
    return framed(
        "overlap", overlap_picture(overlap, facts, living, language), _("How segments overlap"),
        size=f"u{len(overlap.keys)}", keys=[Key(_("with %(name)s") % {"name": name}), Key(_("without"), "sand2")],
        csv_url=way_to("marketing:segment", facts.key) + with_changes({"csv": "overlap", "with": others}),
    )  # fmt: skip
