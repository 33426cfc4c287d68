"""Playing: %play, %pause, %stop, %panic, %render, %record, %status."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from IPython.core.error import UsageError
from IPython.core.magic import magics_class

from ipyclam_core import stop_all
from ipyclam_core.errors import DeviceError
from ipyclam_core.frontend.exploring import Choice, Value
from ipyclam_core.frontend.levels import volume_in_words
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.sounding import panic_all
from ipyclam_core.proxy import Status

from .. import recordings, sound_files
from ..interrupt import interruptible
from ..meters import report
from ..notes import shown_warnings
from ..progress import busy, progress
from ..saying import say
from ..session import Session, devices
from ._line import NetworkMagics, argument, magic, parse, seconds, sound_file, sounds

STILL = 10.0
"""Seconds without a block played after which a device counts as gone."""

DEFAULT_RATE = 48000
"""In Hz, where nobody has asked for another and nothing plays."""

WAITING = 20
"""The most waiting wires that are listed."""

SHOWN = 8
"""The most processing types for which %status shows the load."""

LOOK = 0.05
"""Seconds between looks at the position."""


STOP = "stop"
"""The word that ends a recording."""


def recorded_file(text: str) -> str:
    """The sound file to record, or the word `STOP`."""
    return text if text == STOP else sound_file(text)


def recorded(session: Session) -> Iterator[Choice]:
    """The word that ends a recording, and sound files."""
    yield Value(STOP, lambda: "end the recording")
    yield from sounds(session)


@magics_class
class TransportMagics(NetworkMagics):
    """Magics that make ``net`` sound."""

    @magic(
        argument("seconds", metavar="SECONDS", nargs="?", type=seconds, help="Stop after this time. Default: play until %%stop."),
        argument(
            "--output", "-o", metavar="FILE.wav", type=sound_file, completes=sounds, help="Record the output, for SECONDS or until %%stop."
        ),
        argument("--loop", action="store_true", help="Start again every SECONDS, until Ctrl-C."),
        argument("--device", "-d", metavar="DEVICE", completes=devices, help="Audio device. Tab lists the devices; clock is silent."),
    )
    def play(self, line: str) -> None:
        """Play the network.

        It keeps playing while you type, and you hear changes at once. After %pause, it continues from there.
        With SECONDS, it stops after that time or at Ctrl-C. --output records what the sinks play.

        Examples: ``%play``, ``%play 3``, ``%play 3 --output out.wav``, ``%play --device clock``
        """
        arguments = parse(self.play, line)
        if arguments.loop and arguments.seconds is None:
            raise UsageError("--loop needs SECONDS, the length of one repetition. Type %play 4 --loop")
        if arguments.output is None:
            self._play(arguments.device)
            if arguments.seconds is not None:
                self._play_for(arguments.seconds, arguments.loop, arguments.device)
        else:
            self._record(arguments.output, arguments.seconds, arguments.loop, arguments.device)

    @magic()
    def pause(self, line: str) -> None:
        """Pause. %play continues from here."""
        parse(self.pause, line)
        self.session.network.pause()
        say(f"paused at {clock(self.session.network.status().position)}")

    @magic(argument("--all", action="store_true", help="Stop all networks, also those that no variable holds."))
    def stop(self, line: str) -> None:
        """Stop, and return to the beginning. This ends a recording started with %play --output, and cancels one that waits."""
        if parse(self.stop, line).all:
            count = stop_all()
            say(f"stopped {count} network{'' if count == 1 else 's'}")
            recordings.end(self.session)
            return
        played = self.session.network.status().position
        self.session.network.stop()
        say(f"stopped after {clock(played)}" if played else "stopped")
        self._tell(self.session.network.status().messages)
        recordings.end(self.session)

    @magic()
    def panic(self, line: str) -> None:
        """Silence everything at once, and stop: when it howls, hangs or is much too loud.

        The output fades out within a block, a few milliseconds. Delays, reverbs and held notes are forgotten; parameters,
        controls and the volume keep their values. %play starts again from the beginning. Other networks that play are silenced, too.
        With the jack engine, the transport stops. A program that ignores it plays on: ``net.NAME.disconnect()`` cuts it off.
        """
        parse(self.panic, line)
        count = panic_all()
        recordings.end(self.session)
        if count:
            say(f"silenced {count} network{'' if count == 1 else 's'}. %play starts from the beginning")
        else:
            self.session.network.panic()  # programs of a JACK server may sound, and it says what to do about them
            say("no network plays")

    @magic(
        argument("file", metavar="FILE.wav", type=sound_file, completes=sounds, help="The sound file to write."),
        argument("seconds", metavar="SECONDS", type=seconds, help="How long."),
    )
    def render(self, line: str) -> None:
        """Render the network to a sound file, faster than real time where the machine can. Playback is not disturbed.

        If the sound is above full scale, a note tells by how much, and which ``net.volume`` avoids it.
        Ctrl-C stops rendering. The part that is done is written, unless there is a file of that name already, which stays.
        Example: ``%render out.wav 10``
        """
        arguments = parse(self.render, line)
        network = self.session.network
        rate = self.session.sample_rate or round(network.status().sample_rate) or DEFAULT_RATE
        began = time.monotonic()
        with interruptible() as wish, progress(self.shell, f"rendering {arguments.file}", arguments.seconds) as show:

            def heard(frames: int) -> bool:
                show(frames / rate)
                return not wish.is_set()

            with shown_warnings():  # each time, also the same one
                samples = network.render(arguments.seconds, sample_rate=rate, progress=heard)
            show(len(samples) / rate)
            stopped = wish.is_set() and len(samples) < round(arguments.seconds * rate)
            stays = stopped and os.path.exists(os.path.expanduser(arguments.file))
            if not stays:
                sound_files.write(arguments.file, samples, rate)  # whole, whenever Ctrl-C is pressed
        done, took = len(samples) / rate, time.monotonic() - began
        if stopped:
            say(f"interrupted after {done:.2f} of {arguments.seconds:g} s{f'. {arguments.file} has not changed' if stays else ''}")
        if stays:
            return
        say(f"wrote {arguments.file}: {sound_files.facts(arguments.file)} ({done / took:.1f} times real time)")

    @magic(
        argument("file", metavar="FILE.wav", nargs="?", type=recorded_file, completes=recorded, help="The sound file; or stop, to end it."),
        argument("seconds", metavar="SECONDS", nargs="?", type=seconds, help="How long. Default: until %%record stop, or %%stop."),
    )
    def record(self, line: str) -> None:
        """Record what the network plays to a sound file, while it plays on.

        If it does not play, the recording begins with %play. The toolbar and %status show it.
        Without FILE: print the file that is being recorded.
        Examples: ``%record take.wav``, ``%record take.wav 10``, ``%record stop``
        """
        arguments, session = parse(self.record, line), self.session
        if session.recorded:
            recordings.end(session)
        if arguments.file is None:
            say(f"recording {session.recording}" if session.recording else "nothing is recorded. Type %record FILE.wav")
        elif arguments.file == STOP:
            if not session.recording:
                raise UsageError("nothing is recorded. Type %record FILE.wav")
            recordings.end(self.session)
        else:
            if session.recording:
                raise UsageError(f"{session.recording} is being recorded. To end it: %record stop")
            network = session.network
            session.begin_recording(network.record(os.path.expanduser(arguments.file), arguments.seconds))
            begins = "" if network.state == "playing" else ". It begins with %play"
            ends = f"{arguments.seconds:g} s" if arguments.seconds is not None else "to end it: %record stop"
            say(f"recording {arguments.file}, {ends}{begins}")

    @magic()
    def status(self, line: str) -> None:
        """Show the state of playback: position, device, load by type, xruns, levels, and messages.

        Each sink has its largest peak since playback started, its peak now, and the number of samples beyond full scale.
        0 dB is full scale. The word CLIP in the toolbar goes away until more samples are clipped.
        The longest block is that of the last second: above 100% it comes too late, which is an xrun. The latency, which spectra
        bring, is besides that of the device.
        """
        parse(self.status, line)
        status = self.session.network.status()
        levels = self.session.network.levels()
        self.session.see_clips(levels)
        facts = [status.state, clock(status.position)]
        if status.device:
            facts.append(_device(status))
            facts += [_load(status), f"xruns {status.xruns}"]
            facts += [f"latency {1000 * status.latency / status.sample_rate:.1f} ms ({status.latency} frames)"] if status.latency else []
        facts.append(volume_in_words(self.session.network.volume, ""))
        if self.session.recording:
            facts.append(f"recording {self.session.recording}")
        say(" · ".join(filter(None, facts)))
        for line_of_levels in report(levels):
            say(f"  {line_of_levels}")
        self._tell(status.messages)
        for wire in self.session.network.proxy.info().waiting[:WAITING]:
            say(f"  waiting: {wire.source}[{wire.source_connector!r}] > {wire.target}[{wire.target_connector!r}]")
        whole = sum(share for _, share in status.profile)
        if whole:
            say("  load by type: " + ", ".join(f"{type_} {share / whole:.0%}" for type_, share in status.profile[:SHOWN]))

    def _play(self, device: str | None) -> None:
        network = self.session.network
        with busy("preparing playback", lambda: " ".join(network.status().messages[:1])):  # compiling takes some seconds
            self._begin(device)
        status = network.status()
        say(f"playing to {_device(status)}")
        self._tell(status.messages)

    def _begin(self, device: str | None) -> None:
        session = self.session
        rate, block = session.sample_rate or None, session.block_size or None
        session.network.play(device or session.device, rate, block, limiter=session.limiter)

    def _play_for(self, duration: float, loop: bool, device: str | None) -> None:
        """Wait, with a bar, until so much has been played, then stop."""
        network = self.session.network
        played = 0.0
        try:
            with interruptible() as wish, progress(self.shell, "playing", duration) as show:
                while True:
                    for played in _played(network):
                        show(played)
                        if played >= duration or wish.wait(LOOK):
                            break
                    if played < duration or not loop:
                        break
                    network.stop()
                    self._begin(device)
        finally:
            messages = network.status().messages
            network.stop()
        if played < duration:
            say(f"stopped after {clock(played)}")
        news = dict.fromkeys((*messages, *network.status().messages))  # some files cannot be written at their end only
        self._tell([message for message in news if message not in self.session.shown_messages])
        recordings.end(self.session)

    def _record(self, path: str, duration: float | None, loop: bool, device: str | None) -> None:
        session, network = self.session, self.session.network
        recordings.end(self.session)
        network.stop()  # so that the file begins where the sound does
        session.begin_recording(network.record(os.path.expanduser(path), None if loop else duration))
        try:
            self._play(device)
            if duration is None:
                say(f"recording {path}. To end it: %stop")
                return
            self._play_for(duration, loop, device)
        except BaseException:
            with suppress(OSError):  # it is the first error that tells
                session.end_recording()
            raise
        recordings.end(self.session)

    def _tell(self, messages: Sequence[str]) -> None:
        self.session.shown_messages = tuple(messages)
        for message in messages:
            say(f"  {message}")


def _played(network: Network) -> Iterator[float]:
    """The seconds played from now on, as often as asked, for as long as it plays."""
    status = network.status()
    begin = last = status.position
    began = moved = time.monotonic()
    while status.state == "playing":
        now = time.monotonic()
        if not status.sample_rate:  # an engine without sound: time goes by all the same
            yield now - began
        else:
            yield status.position - begin
            if status.position != last:
                last, moved = status.position, now
            elif now - moved > STILL:
                raise DeviceError(f"{status.device} has taken no sound for {STILL:g} s; %status may say why")
        status = network.status()


def _load(status: Status) -> str:
    longest = f", longest block {status.longest:.0%}" if status.longest else ""
    return f"load {status.load:.0%}{longest}"


def _device(status: Status) -> str:
    return f"{status.device}, {status.sample_rate:g} Hz, blocks of {status.block_size}" if status.sample_rate else status.device


def clock(position: float) -> str:
    """``0:03.2``"""
    minutes, rest = divmod(max(0.0, position), 60.0)
    return f"{minutes:.0f}:{rest:04.1f}"
