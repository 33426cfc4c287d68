"""What lies where in the memory that Python and the audio thread share."""
