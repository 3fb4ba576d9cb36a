"""Invented data for the living style sheet: every part once, the words of the look in both languages.

Nobody here exists. The figures are those of the drawn pages, so that the two can be laid beside each other.
"""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.desks.shared.examples.charts import AT, bucket_chart, flow_chart, hatch_chart, test_chart
from regulars.desks.shared.examples.stories import campaign_steps, choices, funnel, opening, passed, stopped, timeline
from regulars.desks.shared.examples.tables import groups_table, heat, lists_table
from regulars.desks.shared.parts import Pager, Piece

__all__ = ["every_part"]


def every_part() -> dict[str, Any]:
    """The context of `parts_page.html`."""
    return {
        "at": AT,
        "absent_label": _("%(people)s not shown") % {"people": "1,204"},
        "three_lists": [Piece(0.598, ""), Piece(0.330, "b2"), Piece(0.072, "b3")],
        "lists_table": lists_table(),
        "groups_table": groups_table(),
        "bucket_chart": bucket_chart(),
        "test_chart": test_chart(),
        "flow_chart": flow_chart(),
        "hatch_chart": hatch_chart(),
        "heat": heat(),
        "passed": passed(),
        "stopped": stopped(),
        "capped": "ppppppwnn",
        "opening": opening(),
        "campaign_steps": campaign_steps(),
        "funnel": funnel(),
        "choices": choices(),
        "timeline": timeline(),
        "pager": Pager(51, 100, 42_108, "?page=1", "?page=3"),
        "classes": ["identifying", "personal", "sensitive", "pseudonym", "none", "unclassed"],
        "steps_of_ramp": ["", "k5", "k4", "k3", "k2", "sand", "sand2", "veil", "line", "heed", "ground"],
        "amounts": [0, 240, 199_900, 368_000, 148_600_000, 1_914_000_000, -26_490_000],
        "moments": [
            datetime(2026, 3, 12, 7, 28, tzinfo=UTC),
            datetime(2026, 3, 12, 3, 0, tzinfo=UTC),
            datetime(2026, 3, 11, 16, 30, tzinfo=UTC),
            datetime(2025, 11, 2, 9, 0, tzinfo=UTC),
        ],
    }
