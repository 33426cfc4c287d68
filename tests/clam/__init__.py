"""What CLAM itself has rendered, and says of its types: packed, so that every clone can be held against it."""
