"""The company itself: its branches, its statements, its business day."""
