"""Processing types of controls alone."""
