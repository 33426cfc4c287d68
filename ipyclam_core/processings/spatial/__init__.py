"""Processing types of sound in space."""
