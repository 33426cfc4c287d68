"""Playback of a network that can be edited at the same time."""
