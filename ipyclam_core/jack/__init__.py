"""A JACK server as a network: what `ipyclam_core.engines.jack` is made of."""
