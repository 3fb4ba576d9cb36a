"""A company's code system."""
