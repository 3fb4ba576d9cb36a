"""Every table of the warehouse and every table a value rule makes: its columns, their meaning and unit, once.

Types are SQL words that DuckDB, Spark and Arrow share: bigint, integer, double, boolean, date, text.
Money is whole minor units (cents, 分) of the company's currency; returns are negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TYPES = ("bigint", "integer", "double", "boolean", "date", "text")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type (one of `TYPES`), what it means to a reader, and what it counts, if anything."""

    name: str
    type: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, what one row of it is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def types(self) -> dict[str, str]:
        """Column names and their types, in order."""
        return {column.name: column.type for column in self.columns}

    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]


CUSTOMER_ID = Column("customer_id", "bigint", "the customer, by a number that says nothing about the person")

ORDER_LINES = Table(
    "order_lines",
    "one product bought or brought back in one order",
    (
        CUSTOMER_ID,
        Column("order_key", "bigint", "the order this line belongs to; one order has one customer"),
        Column("product_id", "bigint", "what was bought; empty when the source did not say"),
        Column("branch_id", "bigint", "where it was bought; empty when the source did not say"),
        Column("ordered_on", "date", "the local day of the purchase or return"),
        Column("quantity_milli", "bigint", "how much, returns negative", "1/1000 piece"),
        Column("amount_minor", "bigint", "what was paid, returns negative", "minor units"),
    ),
)
CUSTOMERS = Table(
    "customers",
    "one customer or prospect, coarsened",
    (
        CUSTOMER_ID,
        Column("sex", "text", "as the customer stated it"),
        Column("age_band", "text", "ten-year band, never the birth date"),
        Column("city", "text", "city of residence"),
        Column("region", "text", "province or state"),
        Column("country", "text", "ISO 3166 code"),
        Column("home_branch_id", "bigint", "the branch the customer belongs to"),
        Column("language", "text", "BCP 47 tag of the language to write in"),
        Column("income_band", "text", "as the source gave it"),
        Column("household_size", "integer", "persons in the household", "persons"),
        Column("marital_status", "text", "as the customer stated it"),
        Column("stage", "text", "prospect before the first purchase, customer after"),
        Column("first_seen_on", "date", "the day the record began"),
    ),
)
PRODUCTS = Table(
    "products",
    "one product",
    (
        Column("product_id", "bigint", "the product"),
        Column("department", "text", "the widest group"),
        Column("category", "text", "the group within the department"),
        Column("brand", "text", "the maker's name"),
        Column("name", "text", "what the shop calls it"),
    ),
)
BRANCHES = Table(
    "branches",
    "one branch, shop or channel",
    (
        Column("branch_id", "bigint", "the branch"),
        Column("name", "text", "what the company calls it"),
    ),
)
OWN_VALUES = Table(
    "own_values",
    "what is known of one customer under one attribute of the company's own",
    (
        CUSTOMER_ID,
        Column("attribute", "text", "the attribute's key"),
        Column("text", "text", "a text, or the key of a choice"),
        Column("amount", "bigint", "a number in thousandths, or money in minor units"),
        Column("day", "date", "a day"),
        Column("yes", "boolean", "yes or no"),
    ),
)
STORED = (ORDER_LINES, CUSTOMERS, PRODUCTS, BRANCHES, OWN_VALUES)

RECENCY = Column("recency", "bigint", "days since the last order", "days")
FREQUENCY = Column("frequency", "bigint", "orders of which something was kept", "orders")
MONETARY = Column("monetary", "bigint", "all that was paid less all that was given back", "minor units")
RECENCY_BAND = Column("recency_band", "integer", "1 long ago … 5 just now")
FREQUENCY_BAND = Column("frequency_band", "integer", "1 seldom … 5 often")
MONETARY_BAND = Column("monetary_band", "integer", "1 little … 5 much")
PEOPLE = Column("customers", "bigint", "how many customers", "persons")

ACTIVITY = Table(
    "activity",
    "one customer with at least one kept order",
    (CUSTOMER_ID, Column("last_on", "date", "the day of the last kept order"), RECENCY, FREQUENCY, MONETARY),
)
RFM = Table(
    "rfm",
    "one customer with at least one kept order, banded",
    (*ACTIVITY.columns, RECENCY_BAND, FREQUENCY_BAND, MONETARY_BAND),
)
HEAT_MAP = Table(
    "heat_map",
    "one cell of recency band × frequency band",
    (RECENCY_BAND, FREQUENCY_BAND, PEOPLE, Column("monetary", "bigint", "their money together", "minor units")),
)
RFM_HISTORY = Table(
    "rfm_history",
    "one cell of the heat map on one day",
    (Column("as_of", "date", "the day at whose end the customers were banded"), *HEAT_MAP.columns),
)
FLOW = Table(
    "flow",
    "customers who went from one group to another between two days",
    (
        Column("from_group", "text", "group on the earlier day; 'arrived' for those not there yet"),
        Column("to_group", "text", "group on the later day; 'gone' for those no longer there"),
        PEOPLE,
    ),
)

RHYTHM_DAYS = Column("rhythm_days", "double", "typical wait between two purchase days of this customer", "days")
DUE_ON = Column("due_on", "date", "the day the next purchase is expected")
GRACE_UNTIL = Column("grace_until", "date", "at the end of this day without a purchase the customer has lapsed")

PURCHASE_DAYS = Table(
    "purchase_days",
    "one day on which one customer bought and kept something",
    (
        CUSTOMER_ID,
        Column("bought_on", "date", "the day"),
        Column("amount_minor", "bigint", "worth of that day's kept orders", "minor units"),
    ),
)
PROMISES = Table(
    "promises",
    "a purchase day and what it lets us expect, from what was known that day",
    (
        *PURCHASE_DAYS.columns,
        Column("purchase_number", "bigint", "1 for the first purchase day of the customer, then 2, 3 …"),
        Column("next_on", "date", "the following purchase day, if there has been one"),
        RHYTHM_DAYS,
        DUE_ON,
        GRACE_UNTIL,
        Column("usual_minor", "double", "mean worth of a purchase day so far", "minor units"),
    ),
)
RHYTHM = Table(
    "rhythm",
    "one customer and when the next purchase is expected",
    (
        CUSTOMER_ID,
        Column("last_on", "date", "the last purchase day"),
        Column("purchases", "bigint", "purchase days so far", "days"),
        RHYTHM_DAYS,
        DUE_ON,
        GRACE_UNTIL,
        Column("usual_minor", "double", "mean worth of a purchase day", "minor units"),
        Column("state", "text", "inside, or lapsed once the grace is over"),
    ),
)
DUE_LIST = Table(
    "due_list",
    "one customer who was due in the period",
    (
        CUSTOMER_ID,
        DUE_ON,
        GRACE_UNTIL,
        Column("outcome", "text", "bought, within_grace or lapsed"),
        Column("amount_minor", "bigint", "what was bought in the period", "minor units"),
        Column("expected_minor", "bigint", "what one purchase of this customer is usually worth", "minor units"),
    ),
)
BUCKET = Table(
    "bucket",
    "one month of the leaky bucket",
    (
        Column("month", "date", "first day of the month"),
        Column("running", "boolean", "the month is not over"),
        Column("inside_start", "bigint", "regulars inside when the month began", "persons"),
        Column("gained", "bigint", "bought for the first time ever", "persons"),
        Column("kept", "bigint", "were inside, bought, and are inside at the end", "persons"),
        Column("quiet", "bigint", "were inside, did not buy, and are inside at the end", "persons"),
        Column("won_back", "bigint", "had lapsed before the month and bought again", "persons"),
        Column("lapsed", "bigint", "were or came inside and are outside at the end", "persons"),
        Column("inside_end", "bigint", "regulars inside when the month ended", "persons"),
        Column("gained_minor", "bigint", "what the gained bought in the month", "minor units"),
        Column("kept_minor", "bigint", "what the kept bought in the month", "minor units"),
        Column("won_back_minor", "bigint", "what the won back bought in the month", "minor units"),
        Column("lapsed_minor", "bigint", "what the lapsed would have bought in such a month", "minor units"),
    ),
)
MADE = (ACTIVITY, RFM, HEAT_MAP, RFM_HISTORY, FLOW, PURCHASE_DAYS, PROMISES, RHYTHM, DUE_LIST, BUCKET)


def layout(tables: tuple[Table, ...] = STORED) -> Mapping[str, Mapping[str, str]]:
    """Table name → column name → type: what a store needs to know in order to hold them.

    >>> layout()["branches"]
    {'branch_id': 'bigint', 'name': 'text'}
    """
    return {table.name: table.types() for table in tables}
