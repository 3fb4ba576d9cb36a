"""Dictionary, views, access log, checks."""
