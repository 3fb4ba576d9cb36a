"""Every desk can be looked at in a real browser."""

from tests.browser import address, chromium, visitor

__all__ = ["address", "chromium", "visitor"]
