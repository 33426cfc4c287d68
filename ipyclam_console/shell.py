"""``ipyclam_console``: IPython with the extension loaded, a network to begin with, and options of its own."""

# ruff: noqa: E402
from __future__ import annotations

import gc

_collecting = gc.isenabled()
gc.disable()  # nothing that is imported becomes garbage, and looking for it would cost a tenth of the start

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Generator
from inspect import cleandoc
from threading import Thread
from types import FrameType
from typing import Any, ClassVar, NoReturn

from IPython.core.interactiveshell import InteractiveShellABC
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from IPython.terminal.ipapp import TerminalIPythonApp
from traitlets import Bool, Int, Type, Unicode, default

from ipyclam_core.errors import IpyclamError, suggest
from ipyclam_core.system.display import escaped, escaped_lines

from . import extension, prompts, recovery
from .drawing import contents
from .error_display import message_of
from .magics.files import load
from .saying import say
from .session import VARIABLE, Session
from .wrapping import columns, reflowed, wrapped

PACKAGE = "ipyclam_console"

PATIENCE = 3.0
"""Seconds that cleaning up may take when the process is terminated."""


class _Title(str):
    """The title of the terminal, in which a folder may have any name."""

    __slots__ = ()

    def format(self, *args: object, **names: object) -> str:
        return super().format(*args, **{name: escaped(str(value)) for name, value in names.items()})


class ConsoleShell(TerminalInteractiveShell):
    """The terminal shell, with the banner of ipyclam."""

    @default("banner1")
    def _short_banner(self) -> str:
        network = self.user_ns[VARIABLE]
        held = contents(len(network), len(network.proxy.wires())) if len(network) else "an empty network"
        file = getattr(self.parent, "network_file", "")
        said = (
            f"ipyclam: {VARIABLE} is {held}, engine {network.engine}{f', from {file}' if file else ''}. "
            f"Type `{VARIABLE}.` and press Tab. Try %types, %tree, %play, %save. Add ? to any name for help."
        )
        return wrapped(escaped_lines(said), columns(), hang=0) + "\n"

    def show_banner(self, banner: str | None = None) -> None:
        """Print the banner, without the name of the profile."""
        print(escaped_lines(self.banner1 + self.banner2 if banner is None else banner), end="")

    @default("colors")
    def _colors_unless_unwanted(self) -> str:
        return "nocolor" if os.environ.get("NO_COLOR") else "neutral"

    @default("enable_tip")
    def _no_tip(self) -> bool:
        return False

    @default("term_title_format")
    def _title(self) -> str:
        return _Title("ipyclam: {cwd}")


InteractiveShellABC.register(ConsoleShell)


class ConsoleApp(TerminalIPythonApp):
    """Explore, build, play and save live networks of audio processings."""

    name = PACKAGE
    description = """Explore, build, play and save live networks of audio processings.

    ipyclam_console [FILE] [options]

    An IPython console with a network, `net`. FILE (.py or .clamnetwork) is loaded into it.
    """
    examples = cleandoc("""
    ipyclam_console                             # begin with an empty network
    ipyclam_console song.clamnetwork --play     # load a network and play it
    ipyclam_console my.py --device=jack         # play to JACK
    ipyclam_console my.py --copy                # begin with what my.py has, and leave my.py as it is
    ipyclam_console my.py -c '%render out.wav 10'
    """)  # the help indents every line but the first by what is left
    subcommands = {}  # noqa: RUF012 - traitlets' own way; a FILE may be called "history"
    own_aliases: ClassVar[dict[str, str]] = {
        "engine": "Session.engine",
        "device": "Session.device",
        "sample-rate": "Session.sample_rate",
        "block-size": "Session.block_size",
    }
    own_flags: ClassVar[dict[str, Any]] = {
        "play": ({"ConsoleApp": {"play": True}}, "Play as soon as the network is loaded."),
        "copy": ({"ConsoleApp": {"copy": True}}, "Load FILE as a new network: a bare %save does not replace FILE."),
        "no-limiter": ({"Session": {"limiter": False}}, "Do not limit the output of a sound card to full scale."),
        "start-server": (
            {"Session": {"engine_options": {"start_server": True}}},
            "Let the jack engine start a JACK server if none is running.",
        ),
    }
    aliases = {**TerminalIPythonApp.aliases, **own_aliases}  # noqa: RUF012
    flags = {**TerminalIPythonApp.flags, **own_flags}  # noqa: RUF012

    shell: ConsoleShell
    _session: Session

    profile = Unicode("ipyclam", help="The IPython profile to use.").tag(config=True)
    interactive_shell_class = Type(ConsoleShell, klass=TerminalInteractiveShell, help="The class of the shell.").tag(config=True)
    play = Bool(False, help="Play as soon as the network is loaded.").tag(config=True)
    copy = Bool(False, help="Load the network file as a new network, which has no file yet.").tag(config=True)
    network_file = Unicode("", help="The network file to load.").tag(config=True)

    @default("version")
    def _version(self) -> str:
        from importlib.metadata import version  # costs more than it is worth at each start

        return version("ipyclam")

    @default("classes")
    def _classes_default(self) -> list[type]:
        return [*super()._classes_default(), Session]

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Read the command line: the argument that is not an option is the FILE."""
        words = sys.argv[1:] if argv is None else argv
        known = [
            name
            for names in (self.own_flags, self.own_aliases, self.flags, self.aliases, {"help": 0, "help-all": 0, "version": 0})
            for name in names
            if isinstance(name, str)
        ]
        for word in words[: words.index("--")] if "--" in words else words:
            name = word.removeprefix("--").partition("=")[0]
            if word.startswith("--") and "." not in name and name not in known:
                self._complain(f"there is no option --{name}{suggest(f'--{name}', [f'--{one}' for one in known])}")
                self.exit(2)
            trait = Session.class_traits().get(self.own_aliases.get(name, "").partition(".")[2])
            value = word.partition("=")[2]
            if isinstance(trait, Int) and value and not value.removeprefix("-").isdecimal():
                self._complain(f"--{name} takes a whole number, not {value!r}")
                self.exit(2)
        super().parse_command_line(argv)
        files, self.extra_args = self.extra_args, []
        if len(files) > 1:
            self._complain(f"give one FILE, not {len(files)}: {', '.join(files)}")
            self.exit(2)
        if files:
            self.network_file = files[0]

    def _create_loader(self, *arguments: Any, **named: Any) -> Any:
        """The reader of the command line, which tells of a mistake in one line and not with all options."""
        loader = super()._create_loader(*arguments, **named)
        complain, mended = self._complain, self._as_typed

        class Parser(loader.parser_class):  # type: ignore[misc, name-defined]
            def error(self, message: str) -> NoReturn:
                complain(f"{mended(message)}. For help: {PACKAGE} --help")
                sys.exit(2)

        loader.parser_class = Parser
        return loader

    def _as_typed(self, refused: str) -> str:
        """The message about an option without its value, with the option as one types it."""
        found = re.fullmatch(r"argument --?(\w+(\.\w+)?): expected one argument", refused)
        if not found:
            return refused
        if len(found[1]) == 1 and found[1] not in self.aliases:
            return f"there is no option -{found[1]}"
        names = [name for name, trait in self.aliases.items() if isinstance(name, str) and str(trait).endswith(found[2] or "?")]
        name = names[0] if names else found[1]
        return f"{'--' if len(name) > 1 else '-'}{name} needs a value"

    def print_help(self, classes: bool = False) -> None:
        """Print the help at the width of the terminal."""
        print(reflowed("\n".join(self.emit_help(classes=classes)), columns()))

    def emit_options_help(self) -> Generator[str, None, None]:
        """The console's own options first, then those of IPython."""
        every = self.flags, self.aliases
        own: tuple[dict[str, Any], ...] = (self.own_flags, self.own_aliases)
        others = [{key: value for key, value in all_.items() if key not in ours} for all_, ours in zip(every, own, strict=True)]
        for title, (flags, aliases) in (("Options", own), ("Options of IPython", others)):
            yield f"{title}\n{'=' * len(title)}"
            self.flags, self.aliases = flags, aliases
            try:
                lines = [*self.emit_flag_help(), *self.emit_alias_help()]
            finally:
                self.flags, self.aliases = every
            yield from lines
            yield ""

    def init_banner(self) -> None:
        """Nothing yet: the banner describes the network, which `init_extensions` creates."""

    def init_extensions(self) -> None:
        """Create the network and load FILE, then print the banner."""
        self.shell.run_line_magic("load_ext", PACKAGE)
        self._session = extension.session_of(self.shell)
        if VARIABLE not in self.shell.user_ns:
            self.exit(2)
        super().init_extensions()  # type: ignore[no-untyped-call]
        if self.network_file:
            if not self._try(lambda: load(self._session, self.network_file, quiet=self.interact)):
                self.network_file = ""
            elif self.copy:
                self._session.network.proxy.mark_saved("")
            self._session.network.proxy.begin_here()
        super().init_banner()  # type: ignore[no-untyped-call]
        if self.interact:
            recovery.offer(self._session)
        if self.play:
            self._try(lambda: self.shell.run_line_magic("play", ""))
            prompts.set_pace(self.shell)

    def init_code(self) -> None:
        """Run the startup code, after installing handlers that clean up when the terminal is closed or the process is terminated."""
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._leave)
        gc.enable()
        super().init_code()  # type: ignore[no-untyped-call]

    def _leave(self, number: int, frame: FrameType | None) -> None:
        """Leave as ``exit`` does; if running code catches that, end the process after `PATIENCE`."""

        def insist() -> None:
            time.sleep(PATIENCE)
            self._session.close()
            os._exit(128 + number)

        Thread(target=insist, name="ipyclam leaving", daemon=True).start()
        sys.exit(128 + number)

    def _try(self, act: Callable[[], None]) -> bool:
        """Call `act`, or print its error in one line. Then exit if there is only code to run, else go on to the prompt."""
        try:
            act()
        except (IpyclamError, OSError, ValueError) as error:
            self._complain(error)
            if not self.interact:
                self.exit(1)
            return False
        return True

    def _complain(self, error: object) -> None:
        say(f"{PACKAGE}: {' '.join(message_of(error).split())}", file=sys.stderr)


def main() -> None:
    """The command ``ipyclam_console``."""
    gc.disable()  # until there is code to run
    ConsoleApp.launch_instance()


if _collecting:
    gc.enable()
