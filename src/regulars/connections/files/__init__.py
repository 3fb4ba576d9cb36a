"""CSV, XLSX and Parquet as they arrive."""
