"""Completion of the arguments of our magics, from what their parsers declare."""

from __future__ import annotations

import re
import shlex
from argparse import Action, ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.files import suffixes
from ipyclam_core.frontend.network import Network

from .completers import _offers as offers
from .completers._offers import LIMIT, Offer
from .magics._line import SOUND_SUFFIXES
from .magics.video import ENCODERS, FILM_SUFFIXES
from .patience import Patience
from .session import DEVICES, VARIABLE, Session
from .tab import result

_CALL = re.compile(r"\s*(?P<percent>%?)(?P<name>\w+)\s+(?P<rest>.*)", re.DOTALL)
_PLAIN = re.compile(r"[^\s'\"\\]*")


class Word(NamedTuple):
    """The word under the cursor, as typed and as meant, and the words before it."""

    typed: str
    meant: str
    before: list[str]


class MagicMatcher:
    """Completes what follows ``%play`` and the like.

    Parameters
    ----------
    shell, session : where the magics are.
    patience : how long to wait for an engine.
    """

    def __init__(self, shell: InteractiveShell, session: Session, patience: Patience) -> None:
        self._shell = shell
        self._session = session
        self._patience = patience
        self._values: dict[str, Callable[[str], Iterable[Offer]]] = {
            "FILE": lambda begun: offers.paths(begun, suffixes()),
            "FILE.wav": lambda begun: offers.paths(begun, SOUND_SUFFIXES),
            "DEVICE": lambda begun: (Offer(name, _saying("device")) for name in DEVICES),
            "TEXT": lambda begun: self._types(),
            "PROCESSING": lambda begun: self._processings(),
            "FILE.mp4": lambda begun: offers.paths(begun, FILM_SUFFIXES),
            "VIEW": lambda begun: _last_of_several(begun, _views()),
            "ENCODER": lambda begun: (Offer(name, _saying("encoder")) for name in ENCODERS),
        }

    def __call__(self, context: CompletionContext) -> SimpleMatcherResult:
        call = _CALL.fullmatch(context.text_until_cursor)
        parser = self._parser(call["name"], bool(call["percent"])) if call is not None else None
        if call is None or parser is None or call["rest"].startswith(("=", ".", "(", "[", ",")):
            return result([], "")
        word = split(call["rest"])
        if word is None:
            return result([], "")
        held = self._shell.user_ns.get(VARIABLE)
        found = self._patience.ask(held, lambda: self._offers(parser, word))
        matches = [SimpleCompletion(written(offer.name, word.typed), type=offer.says()) for offer in found[:LIMIT]]
        return result(matches, word.typed, True)

    def _parser(self, name: str, percent: bool) -> ArgumentParser | None:
        if not percent and (not self._shell.automagic or name in self._shell.user_ns):
            return None
        magic = self._shell.magics_manager.magics["line"].get(name)
        ours = getattr(magic, "__self__", None) is not None and getattr(magic.__self__, "session", None) is self._session
        parser = getattr(magic, "parser", None) if ours else None
        return parser if isinstance(parser, ArgumentParser) else None

    def _offers(self, parser: ArgumentParser, word: Word) -> list[Offer]:
        option, equals, begun = word.meant.partition("=")
        pending = _option(parser, option if equals else word.before[-1] if word.before else "")
        if pending is not None and pending.nargs != 0:
            prefix = option + equals if equals else ""
            begun = begun if equals else word.meant
            return [offer._replace(name=prefix + offer.name) for offer in self._of(pending, begun) if offer.name.startswith(begun)]
        listed: list[Offer] = []
        if not word.meant.startswith("-"):
            positional = _positional(parser, word.before)
            listed += [offer for offer in self._of(positional, word.meant) if offer.name.startswith(word.meant)]
        if not word.meant or word.meant.startswith("-"):
            listed += [offer for offer in _options(parser, word.before) if offer.name.startswith(word.meant)]
        return listed

    def _of(self, action: Action | None, begun: str) -> Iterable[Offer]:
        values = self._values.get(str(action.metavar)) if action is not None else None
        return values(begun) if values is not None else ()

    def _types(self) -> Iterator[Offer]:
        for name, spec in self._session.network._proxy.types().items():
            yield Offer(name, offers.type_(spec))

    def _processings(self) -> Iterator[Offer]:
        held = self._shell.user_ns.get(VARIABLE)
        if isinstance(held, Network):
            for name, state in held._proxy.processings().items():
                yield Offer(name, offers.processing(state))


def split(rest: str) -> Word | None:
    """The word at the end of a line, whose quote may be open, and the words before it; None when it cannot be told."""
    for close in ("", '"', "'"):
        try:
            words = shlex.split(rest + close)
        except ValueError:
            continue
        if not close and (not rest or rest[-1].isspace()):
            return Word("", "", words)
        before = words[:-1]
        for place in range(len(rest)):  # the last word begins where the rest alone reads as it
            if (place == 0 or rest[place - 1].isspace()) and _reads(rest[place:] + close, words[-1:]) and _reads(rest[:place], before):
                return Word(rest[place:], words[-1], before)
    return None


def written(name: str, typed: str) -> str:
    """An argument as it is typed: in quotes where a shell needs them."""
    if _PLAIN.fullmatch(name) and typed[:1] not in ("'", '"'):
        return name
    quote = typed[0] if typed[:1] in ("'", '"') else "'" if '"' in name and "'" not in name else '"'
    text = name.replace("\\", "\\\\").replace('"', '\\"') if quote == '"' else name.replace("'", "'\"'\"'")
    return quote + text + ("" if name.endswith("/") else quote)


def _reads(text: str, words: list[str]) -> bool:
    try:
        return shlex.split(text) == words
    except ValueError:
        return False


def _option(parser: ArgumentParser, name: str) -> Action | None:
    return next((action for action in parser._actions if name in action.option_strings), None)


def _positional(parser: ArgumentParser, before: list[str]) -> Action | None:
    """The positional argument that comes after these words."""
    given, value_of = 0, None
    for word in before:
        if value_of is None and word.startswith("-"):
            option = _option(parser, word)
            value_of = option if option is not None and option.nargs != 0 else None
            continue
        given += value_of is None
        value_of = None
    for action in (action for action in parser._actions if not action.option_strings):
        if given == 0 or action.nargs in ("*", "+"):
            return action
        given -= 1
    return None


def _options(parser: ArgumentParser, before: list[str]) -> Iterator[Offer]:
    for action in parser._actions:
        if action.option_strings and not set(action.option_strings) & set(before):
            name = max(action.option_strings, key=len)
            help_ = (action.help or "").replace("%%", "%").partition("; ")[0].partition(". ")[0].rstrip(".")
            yield Offer(name, _saying(f"option · {help_}"))


def _views() -> tuple[str, ...]:
    from ipyclam_core.video import views

    return views.registry.names()


def _last_of_several(begun: str, names: Iterable[str]) -> Iterator[Offer]:
    """Names after the last comma of those that are there."""
    before = begun.rpartition(",")
    return (Offer(f"{before[0]}{before[1]}{name}", _saying("view")) for name in names)


def _saying(text: str) -> Callable[[], str]:
    return lambda: text
