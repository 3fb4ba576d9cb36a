"""Households, company accounts, agents and channels: who belongs to which, and which stands under which."""
