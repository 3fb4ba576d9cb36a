"""Segments as rules: reading them aloud, evaluating, overlaps."""
