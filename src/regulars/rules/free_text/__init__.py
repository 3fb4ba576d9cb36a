"""Free texts: what somebody wrote that should not stand there."""
