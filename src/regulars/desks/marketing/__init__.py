"""Today, segments, value, campaigns."""
