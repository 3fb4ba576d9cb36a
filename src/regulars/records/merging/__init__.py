"""Pairs that may be one person, persons confirmed as different, and who was merged into whom."""
