"""A piano keyboard between MIDI processings."""

from __future__ import annotations

from ...declare import in_control, out_control, processing

MESSAGE = "MIDI::Message"


@processing(category="Controls", source="CLAM ControlPiano", synonyms=("midi", "keyboard", "keys", "monitor", "notes"))
class ControlPiano:
    """Passes MIDI messages on. In CLAM's window it is a piano, which shows the notes and can be played with the mouse."""

    message = in_control("MIDI Message In", type=MESSAGE)
    output = out_control("MIDI Message Out", type=MESSAGE)

    def receive(message, message_arrived, output):
        if message_arrived > 0:
            output.send(message)
