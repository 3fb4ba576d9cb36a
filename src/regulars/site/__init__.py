"""Wiring: settings, addresses, start-up, the embedded PostgreSQL."""
