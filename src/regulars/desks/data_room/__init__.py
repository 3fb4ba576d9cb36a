"""Sources and imports."""
