"""Events as sources tell them: read, classed, kept under consent or not at all."""
