"""The people who work here, their roles, and the tokens of their programs."""
