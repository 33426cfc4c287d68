"""For engines whose network lives in a server and is changed by other programs: a graph that follows it, and its threads."""
