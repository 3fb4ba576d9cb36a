"""Free texts that say something sensitive: flagged, decided upon, moved where they belong."""
