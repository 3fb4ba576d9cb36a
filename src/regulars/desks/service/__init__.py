"""Search, the customer card, tasks."""
