"""Who looked at whom, through which view and why; who changed what."""
