"""Attributes a company adds of its own, and what is known of each customer under them."""
