"""Completion of the arguments of our magics, and of our settings behind ``%config``, from what they declare."""

from __future__ import annotations

import re
import shlex
from argparse import Action, ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.exploring import Choice, Files, Member
from ipyclam_core.system.display import escaped, is_safe

from .completers import _offers as offers
from .completers._offers import LIMIT, Offer
from .magics._line import choices_of, takes_several
from .patience import Patience
from .session import VARIABLE, Session
from .tab import result

_CALL = re.compile(r"\s*(?P<percent>%?)(?P<name>\w+)\s+(?P<rest>.*)", re.DOTALL)
_SETTING = re.compile(r"Session\.(?P<name>\w+)\s*=\s*(?P<value>(?P<quote>['\"]?)(?P<begun>[^'\"]*))")
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

    def __call__(self, context: CompletionContext) -> SimpleMatcherResult:
        call = _CALL.fullmatch(context.text_until_cursor)
        if call is None or not self._is_magic(call["name"], bool(call["percent"])):
            return result([], "")
        setting = _SETTING.fullmatch(call["rest"]) if call["name"] == "config" else None
        if setting is not None:
            return self._setting(setting)
        parser = self._parser(call["name"])
        if parser is None or call["rest"].startswith(("=", ".", "(", "[", ",")):
            return result([], "")
        word = split(call["rest"])
        if word is None:
            return result([], "")
        found = self._ask(lambda: self._offers(parser, word))
        matches = [SimpleCompletion(written(offer.name, word.typed), type=escaped(offer.says())) for offer in found]
        return result(matches, word.typed, True)

    def _ask(self, question: Callable[[], Iterable[Offer]]) -> list[Offer]:
        """The first of what is offered, as many as are shown; not names with controls, which a magic's line cannot hold escaped."""

        def answer() -> list[Offer]:
            return list(islice((offer for offer in question() if is_safe(offer.name)), LIMIT))

        return self._patience.ask(self._shell.user_ns.get(VARIABLE), answer)

    def _setting(self, typed: re.Match[str]) -> SimpleMatcherResult:
        """The values of one of our settings, as what they are in Python: strings."""
        trait = self._session.traits().get(typed["name"])
        completes = trait.metadata.get("completes") if trait is not None else None
        if completes is None:
            return result([], "")
        begun, quote = typed["begun"], typed["quote"] or "'"
        found = self._ask(lambda: _offered(completes(self._session), begun))
        return result([SimpleCompletion(quote + offer.name + quote, type=escaped(offer.says())) for offer in found], typed["value"], True)

    def _is_magic(self, name: str, percent: bool) -> bool:
        return percent or (self._shell.automagic and name not in self._shell.user_ns)

    def _parser(self, name: str) -> ArgumentParser | None:
        magic = self._shell.magics_manager.magics["line"].get(name)
        ours = getattr(magic, "__self__", None) is not None and getattr(magic.__self__, "session", None) is self._session
        parser = getattr(magic, "parser", None) if ours else None
        return parser if isinstance(parser, ArgumentParser) else None

    def _offers(self, parser: ArgumentParser, word: Word) -> Iterator[Offer]:
        option, equals, begun = word.meant.partition("=")
        pending = _option(parser, option if equals else word.before[-1] if word.before else "")
        if pending is not None and pending.nargs != 0:
            prefix = option + equals if equals else ""
            yield from (offer._replace(name=prefix + offer.name) for offer in self._of(pending, begun if equals else word.meant))
            return
        if not word.meant.startswith("-"):
            yield from self._of(_positional(parser, word.before), word.meant)
        if not word.meant or word.meant.startswith("-"):
            yield from (offer for offer in _options(parser, word.before) if offer.name.startswith(word.meant))

    def _of(self, action: Action | None, begun: str) -> Iterable[Offer]:
        if action is None:
            return
        before = "".join(begun.rpartition(",")[:2]) if takes_several(action) else ""
        found = _offered(choices_of(action, self._session), begun.removeprefix(before))
        yield from (offer._replace(name=before + offer.name) for offer in found) if before else found


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


def _offered(choices: Iterable[Choice | Member], begun: str) -> Iterator[Offer]:
    """The candidates that begin as typed."""
    for choice in choices:
        if isinstance(choice, Files):
            yield from (offer for offer in offers.paths(begun, choice.suffixes) if offer.name.startswith(begun))
        elif (name := (choice.also or choice.name) if isinstance(choice, Member) else str(choice.value)).startswith(begun):
            yield Offer(name, choice.says)


def _saying(text: str) -> Callable[[], str]:
    return lambda: text
