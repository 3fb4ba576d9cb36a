"""What an analyst's login is limited to, as a page or the terminal says it."""

from regulars.desks.shared.customer_words import in_a_list
from regulars.records.company.access import branches
from regulars.records.staff.sql_logins import SqlLoginFacts


def limits_said(login: SqlLoginFacts) -> str:
    """The branches by name, then the brands; "" for a login that is not limited."""
    called = {one.id: one.name or one.ref for one in branches()} if login.branches else {}
    places = in_a_list(called.get(branch, str(branch)) for branch in login.branches)
    return " · ".join(filter(None, (places, in_a_list(login.brands))))
