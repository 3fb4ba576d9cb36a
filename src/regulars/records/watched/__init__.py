"""Customers who are watched over: invented ones nobody has a reason to open, and those who are protected."""
