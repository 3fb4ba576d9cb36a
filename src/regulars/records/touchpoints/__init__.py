"""Every contact between customer and company; complaints and how they ended."""
