"""The room in which everybody is compared with everybody: DuckDB in memory, and Splink for training."""
