"""Work with an owner and a day."""
