"""Orders taken by hand."""
