"""Households, company accounts, agents and channels: who belongs to what, since when, and what is summed up."""
