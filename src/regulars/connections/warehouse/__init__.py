"""Parquet by month, read with DuckDB."""

from regulars.connections.warehouse.folder import WarehouseError, WrongColumns
from regulars.connections.warehouse.warehouse import Warehouse

__all__ = ["Warehouse", "WarehouseError", "WrongColumns"]
