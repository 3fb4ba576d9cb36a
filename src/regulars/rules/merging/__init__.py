"""Two records become one: which value stands, and which choice holds."""
