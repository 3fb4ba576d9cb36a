"""Keys that live outside the database."""
