"""Everything a user types: handles such as ``net.osc``, and the meaning of each statement."""
