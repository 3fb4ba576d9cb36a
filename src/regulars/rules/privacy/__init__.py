"""The data dictionary and the compiler of views."""
