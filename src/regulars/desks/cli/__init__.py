"""The journeys from the command line."""
