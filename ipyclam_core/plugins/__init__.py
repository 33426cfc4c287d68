"""The plugins installed on this machine, as processing types for any engine that can host them."""
