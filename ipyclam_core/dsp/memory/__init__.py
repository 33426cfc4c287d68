"""The layout of the memory that Python and the audio thread share."""
