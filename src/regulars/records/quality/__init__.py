"""How good the data is, night by night: counts, what bad data cost, whom to ask again."""
