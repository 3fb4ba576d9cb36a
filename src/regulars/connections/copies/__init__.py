"""Copies of the log that leave the machine."""
