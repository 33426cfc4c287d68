"""Processing types for controls."""
