"""MIDI files and ports, by mido and python-rtmidi. Both are optional: ``pip install 'ipyclam[midi]'``."""
