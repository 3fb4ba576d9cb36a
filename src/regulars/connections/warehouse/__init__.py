"""Parquet by month, read with DuckDB."""
