"""How good the data is: which fields are there, right and recent, and which to ask a customer for again."""
