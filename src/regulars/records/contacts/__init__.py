"""Every planned contact with the gate's reasons, and every answer."""
