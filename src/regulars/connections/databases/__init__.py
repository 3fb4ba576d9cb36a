"""Databases of others, read by their address through SQLAlchemy: their tables, and where their passwords are kept."""
