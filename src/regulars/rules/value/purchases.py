"""From order lines to orders and purchase days; and what counts as a purchase.

An order counts when its lines add up to more than nothing. So an order brought back entirely is no purchase, nor is a
free sample, nor a return that the till booked as an order of its own; their money still counts where money is summed.
What is brought back later undoes the purchase from the day of the return on, not before: tables made for an earlier
day do not know it.
"""

from dataclasses import dataclass
from datetime import date

import narwhals as nw
from narwhals.typing import IntoLazyFrameT

KEPT = nw.col("amount_minor") > 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which order lines to look at. Whatever is empty does not restrict; both days are included."""

    departments: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    products: frozenset[int] = frozenset()
    branches: frozenset[int] = frozenset()
    since: date | None = None
    until: date | None = None


EVERYTHING = Scope()


def in_scope(lines: IntoLazyFrameT, products: IntoLazyFrameT, scope: Scope) -> IntoLazyFrameT:
    """The order lines of the scope; `products` says which department and category a product is of.

    >>> import duckdb
    >>> lines = duckdb.sql("SELECT * FROM (VALUES (1, 7, DATE '2024-01-05'), (2, 8, DATE '2024-02-05'))"
    ...                    " t(customer_id, product_id, ordered_on)")
    >>> products = duckdb.sql("SELECT 7 AS product_id, 'coats' AS department, 'wool' AS category")
    >>> in_scope(lines, products, Scope(departments=frozenset({"coats"}))).fetchall()
    [(1, 7, datetime.date(2024, 1, 5))]
    >>> in_scope(lines, products, Scope(since=date(2024, 2, 1))).fetchall()
    [(2, 8, datetime.date(2024, 2, 5))]
    """
    chosen = nw.from_native(lines)
    for column, values in (("product_id", scope.products), ("branch_id", scope.branches)):
        chosen = chosen.filter(nw.col(column).is_in(sorted(values))) if values else chosen
    if scope.since:
        chosen = chosen.filter(nw.col("ordered_on") >= scope.since)
    if scope.until:
        chosen = chosen.filter(nw.col("ordered_on") <= scope.until)
    if scope.departments or scope.categories:
        chosen = chosen.join(_products_of(nw.from_native(products), scope), on="product_id", how="semi")
    return chosen.to_native()


def _products_of(products: nw.LazyFrame[IntoLazyFrameT], scope: Scope) -> nw.LazyFrame[IntoLazyFrameT]:
    for column, values in (("department", scope.departments), ("category", scope.categories)):
        products = products.filter(nw.col(column).is_in(sorted(values))) if values else products
    return products.select("product_id")


def orders(lines: IntoLazyFrameT, *, at: date) -> IntoLazyFrameT:
    """One row per order known at the end of `at`: customer_id, order_key, bought_on (first day), amount_minor (net).

    Orders that add up to nothing or less are among them; `KEPT` tells.

    >>> import duckdb
    >>> lines = duckdb.sql("SELECT * FROM (VALUES (1, 1, DATE '2024-01-05', 500), (1, 1, DATE '2024-01-20', -500))"
    ...                    " t(customer_id, order_key, ordered_on, amount_minor)")
    >>> orders(lines, at=date(2024, 1, 10)).fetchall()
    [(1, 1, datetime.date(2024, 1, 5), 500)]
    >>> orders(lines, at=date(2024, 1, 20)).fetchall()
    [(1, 1, datetime.date(2024, 1, 5), 0)]
    """
    known = nw.from_native(lines).filter(nw.col("ordered_on") <= at)
    return (
        known.group_by("customer_id", "order_key")
        .agg(bought_on=nw.col("ordered_on").min(), amount_minor=nw.col("amount_minor").sum().cast(nw.Int64))
        .to_native()
    )


def purchase_days(lines: IntoLazyFrameT, *, at: date) -> IntoLazyFrameT:
    """One row per customer and day with a kept order, known at the end of `at` (columns of `tables.PURCHASE_DAYS`)."""
    kept = nw.from_native(orders(lines, at=at)).filter(KEPT)
    money = nw.col("amount_minor").sum().cast(nw.Int64)
    return kept.group_by("customer_id", "bought_on").agg(amount_minor=money).to_native()
