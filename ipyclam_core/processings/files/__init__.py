"""Processing types that read and write sound files."""
