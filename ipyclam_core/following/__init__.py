"""What an engine needs whose network lives in a server, where others change it too: a graph that follows, and its thread."""
