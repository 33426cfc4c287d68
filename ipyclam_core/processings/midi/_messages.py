"""A MIDI message as the value of a control: its three bytes in one number, ``0x903C64`` for a note on.

A control carries one value in a block, so what puts out messages sends one in a block, and keeps the others until the next ones.
"""

from __future__ import annotations

from typing import Final

from numpy import int64

TYPE: Final = "MIDI::Message"
"""The type of controls that carry messages: they connect with one another only."""

NOTE_OFF, NOTE_ON, CONTROLLER, PRESSURE, BEND = 0x80, 0x90, 0xB0, 0xD0, 0xE0
HIGHEST: Final = 127
LARGEST: Final = 0xFF7F7F


def parts(value):
    """The kind of a message, its channel (0 to 15), and its two data bytes. A system message is of kind ``0xF0``."""
    whole = int64(value) if 0.0 <= value <= LARGEST else int64(0)
    status = whole >> 16
    return status & 0xF0, status & 0x0F, (whole >> 8) & 0x7F, whole & 0x7F


def packed(status, first, second):
    """The value of a message of three bytes."""
    return float((int64(status) << 16) | (int64(first) << 8) | int64(second))


def replaces(later, earlier):
    """Whether the earlier of two messages is not needed: a position of the same controller, bend or pressure."""
    kind = (later >> 16) & 0xF0
    if later >> 16 != earlier >> 16:
        return False
    return kind in (BEND, PRESSURE) or (kind == CONTROLLER and later >> 8 == earlier >> 8)


def frequency_of(note):
    """The frequency of a note in Hz; 69 is the A of 440 Hz."""
    return 440.0 * 2.0 ** ((note - 69.0) / 12.0)
