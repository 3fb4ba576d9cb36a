"""Where each customer stands: what pages read of everybody at once, from the profile and the rhythm."""

from duckdb import DuckDBPyRelation as Relation

from regulars.rules.value.asked import asked

STANDING = """
SELECT p.customer_id, p.recency_days, p.frequency, p.monetary_minor, p.r, p.f, p.m, p.rfm_group,
    p.first_on, p.last_on, q.rhythm_days, q.due_on, q.grace_until, p.state
FROM {profile} p JOIN {rhythm} q USING (customer_id) WHERE p.r IS NOT NULL
"""


def standing(profile: Relation, rhythm: Relation) -> Relation:
    """One row per customer with a kept order: bands, group, rhythm, state (see `profile` and `rules.value.rhythm`)."""
    return asked(STANDING, {"profile": profile, "rhythm": rhythm})
