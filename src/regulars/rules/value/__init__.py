"""Recency, frequency, money; rhythm; the leaky bucket."""
