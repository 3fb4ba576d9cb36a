"""The demonstration: a year of a grocer's real orders, people invented around them, one real campaign replayed."""
