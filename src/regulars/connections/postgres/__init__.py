"""Launching, logging in, copying, reading the catalogue."""
