"""Who reads how much against what is normal, and what is done about it: nothing, slower, or a stop."""
