"""What is said, to whom, on which channel, with which expectation."""
