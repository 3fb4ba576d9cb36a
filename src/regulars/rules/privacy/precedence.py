"""Which rule wins where several could speak: first who looks, then which rows are there, then what a cell shows.

As data, in the order in which they are asked; the first that speaks decides. The compiler of views and `treatment` do
it; this list says it, for the officer's report and the auditor's bundle.
"""

from typing import Final

#: Whose view it is. A person with several seats looks through the seat of the page, never through two views at once.
WHO: Final = ("login_is_the_view", "seat_of_the_page", "token_one_view", "analyst_one_group", "limited_view_of_her_own")
#: Which rows are there. These do not take turns: a row must pass them all, so that the most restrictive wins.
ROWS: Final = (
    "erased_is_gone",
    "purpose_closed_is_gone",
    "outside_branch_is_gone",
    "outside_brand_is_gone",
    "all_must_hold",
    "repeated_by_row_security",
)
#: What a cell shows; each only where none before it has spoken.
CELLS: Final = (
    "secret_of_the_house",
    "exact_view_shows_all",
    "purpose_not_served",
    "sensitive_closed",
    "contact_closed",
    "name_closed",
    "coarser_for_analysis",
    "coarse_every_day",
    "shown_as_it_is",
)
PRECEDENCE: Final = {"who": WHO, "rows": ROWS, "cells": CELLS}
