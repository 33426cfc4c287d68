"""Processing types for spatial audio."""
