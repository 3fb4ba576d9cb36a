"""A table in, a picture out."""
