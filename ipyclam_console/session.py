"""The state that magics, toolbar and shell share: the network called ``net``, its file, and the options of playback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Bool, Dict, Int, Unicode
from traitlets.config import Configurable

from ipyclam_core.frontend import arguments
from ipyclam_core.frontend.exploring import Call, Choice
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.recording import Recording
from ipyclam_core.frontend.snapshot import still
from ipyclam_core.proxy import Levels

from .interactive import in_notebook
from .journals import Journals

VARIABLE = "net"


def devices(session: Session) -> Iterator[Choice]:
    """The devices that ``net`` can play to."""
    return arguments.devices(session.snapshot, Call())


def engines(session: Session) -> Iterator[Choice]:
    """The engines that `Network` accepts."""
    return arguments.engines(None, Call())


def file_of(network: Network) -> Path | None:
    """The file that a network was opened from or saved to last, from the current folder where it is below that."""
    if not network.proxy.file:
        return None
    file = Path(network.proxy.file)
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


class Session(Configurable):
    """One shell with ipyclam in it; configured as ``c.Session`` in a configuration file."""

    engine = Unicode("clam", help="The engine of the first network: clam, jack, dummy, or one that a package adds.").tag(
        config=True, completes=engines
    )
    engine_options = Dict(help="Extra options for the engine: Network(engine, **engine_options).").tag(config=True)
    device = Unicode("auto", help="The device that %play plays to, such as auto, jack or clock: net.devices lists them.").tag(
        config=True, completes=devices
    )
    sample_rate = Int(0, min=0, help="Frames a second that %play and %render ask for; 0 leaves it to the device.").tag(config=True)
    block_size = Int(0, min=0, help="Frames a block that %play asks for; 0 leaves it to the device.").tag(config=True)
    limiter = Bool(True, help="Whether %play keeps the output of a sound card within full scale.").tag(config=True)

    journal = Bool(True, help="Whether unsaved changes are kept on disk, so that %recover brings them back after a crash.").tag(config=True)

    compile_ahead = Bool(
        True, help="Whether all types are compiled, once on a machine, while the console waits at its prompt and the processors are idle."
    ).tag(config=True)

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(parent=shell)
        self.shell = shell
        self.shown_messages: tuple[str, ...] = ()
        """The messages of the engine that were printed last."""
        self._recording: Recording | None = None
        self._seen_clips = 0, 0  # a playback, and the clipped samples that were shown of it
        self.journals = Journals()
        self.left = False
        """Whether the session was left by a command, with no change to keep for the next one."""

    @property
    def network(self) -> Network:
        """The network that ``net`` is now. Raises ``UsageError`` if it is not a network."""
        held = self.shell.user_ns.get(VARIABLE)
        if isinstance(held, Network):
            return held
        is_now = "there is no variable net" if held is None else f"net is a {type(held).__name__}, not a network"
        raise UsageError(f"{is_now}. Type net = Network()")

    @property
    def snapshot(self) -> Network:
        """``net`` as it is at this moment, to be looked at only."""
        return still(self.network)

    def networks(self) -> Iterator[Network]:
        """Every network that a variable holds, each once."""
        yield from {id(held): held for held in list(self.shell.user_ns.values()) if isinstance(held, Network)}.values()

    def variables(self) -> Iterator[tuple[str, object]]:
        """The variables that hold networks, ``net`` first, each with the proxy of its network."""
        space = self.shell.user_ns
        if isinstance(held := space.get(VARIABLE), Network):
            yield VARIABLE, held.proxy
        for name, held in list(space.items()):
            if isinstance(held, Network) and not name.startswith("_") and name.isidentifier():
                yield name, held.proxy

    @property
    def file(self) -> Path | None:
        """The file that ``net`` was opened from or saved to last."""
        held = self.shell.user_ns.get(VARIABLE)
        return file_of(held) if isinstance(held, Network) else None

    def keep_journals(self) -> None:
        """Give each network that a variable holds its journal, if it has none yet."""
        held = [network.proxy for name, network in list(self.shell.user_ns.items()) if isinstance(network, Network) and name[:1] != "_"]
        self.journals.keep(dict.fromkeys(held), forget=in_notebook(self.shell))

    def clips(self, levels: Levels) -> bool:
        """Whether samples were clipped that `see_clips` has not seen."""
        playback, seen = self._seen_clips
        return levels.clipped > (seen if playback == levels.playback else 0)

    def see_clips(self, levels: Levels) -> None:
        """These levels were looked at."""
        self._seen_clips = levels.playback, levels.clipped

    @property
    def recording(self) -> str:
        """The path of the file that is being recorded, ``""`` for none."""
        return "" if self._recording is None or self._recording.ended else self._recording.path

    @property
    def recorded(self) -> str:
        """The path of a recording that has ended by itself, and was not told yet; ``""`` for none."""
        return self._recording.path if self._recording is not None and self._recording.ended else ""

    def begin_recording(self, recording: Recording) -> None:
        """Keep a recording, to show it and to end it."""
        self._recording = recording

    def end_recording(self) -> tuple[str, int]:
        """Finish the file that is being recorded; returns its path, or ``""``, and the number of frames in it."""
        recording, self._recording = self._recording, None
        return ("", 0) if recording is None else (recording.path, recording.stop())

    def close(self) -> None:
        """End what sounds and let go of the engines: nothing may be left behind when the process ends."""
        try:
            self.end_recording()
        finally:
            self.journals.close(remove=self.left)
            for network in self.networks():
                network.close()
