"""Where data comes from: sources, imports, and rows set aside."""
