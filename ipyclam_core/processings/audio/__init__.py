"""Processing types of audio: generators, filters, effects, mixing."""
