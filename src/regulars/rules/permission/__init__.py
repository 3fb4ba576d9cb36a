"""Choices, who asks, and the contact gate."""
