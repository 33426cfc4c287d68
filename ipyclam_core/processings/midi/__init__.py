"""Processing types for MIDI."""
