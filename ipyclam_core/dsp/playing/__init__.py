"""A network that sounds, and is edited while it does."""
