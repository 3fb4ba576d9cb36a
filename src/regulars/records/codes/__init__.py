"""The company's own codes for preferences, complaints and calls."""
