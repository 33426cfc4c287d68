"""Held against CLAM's own networks."""
