"""Living rules over customers, and who is in them now."""
