"""Which brands are sold here: names of products, of nobody."""

from regulars.connections.postgres.asking import WRITER, ask


def brands_sold() -> list[str]:
    """Every brand a product has, by name."""
    return [str(brand) for (brand,) in ask(WRITER, "SELECT DISTINCT brand FROM product WHERE brand <> '' ORDER BY 1")]
