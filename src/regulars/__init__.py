"""Regulars: knows every customer and keeps every customer's trust."""
