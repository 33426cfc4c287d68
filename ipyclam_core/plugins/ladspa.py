"""The LADSPA plugins of this machine, in the common description of plugins.

What is in a library is asked for in another process, once: the answers are kept from one session to the next, and belong to a
library of a size and a time of change.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import signal
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from ..proxy import Direction
from ..system.cache import Cache
from . import ladspa_library
from .description import Control, Plugin, Port
from .ladspa_faults import FAULTS
from .ladspa_library import AUDIO, HARD_RT, INPUT, REALTIME

indices: Final = Cache("ladspa", ".json")
SECONDS: Final = 10.0  # in which the libraries must have answered
NOMINAL_RATE: Final = 48_000.0
"""The sample rate, in Hz, for ranges that are multiples of it: a list of types does not know at which rate one will play."""

_BELOW, _ABOVE, _TOGGLED, _OF_RATE, _LOGARITHMIC, _INTEGER, _DEFAULT = 1, 2, 4, 8, 16, 32, 0x3C0
_SHARES: Final = {0x40: 0.0, 0x80: 0.25, 0xC0: 0.5, 0x100: 0.75, 0x140: 1.0}
_VALUES: Final = {0x200: 0.0, 0x240: 1.0, 0x280: 100.0, 0x2C0: 440.0}
_UNITS: Final = {
    "hz": "Hz", "khz": "kHz", "db": "dB", "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "%": "%",
    "samples": "samples", "octaves": "octaves", "semitones": "semitones", "bpm": "bpm",
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A plugin, and where it is.

    Attributes
    ----------
    name : ``ladspa_<label>_<id>``, as CLAM calls it.
    path, label, number : its library, and its label and unique number within that.
    """

    name: str
    path: str
    facts: Mapping[str, Any]

    @property
    def label(self) -> str:
        return str(self.facts["label"])

    @property
    def number(self) -> int:
        return int(self.facts["id"])

    @cached_property
    def plugin(self) -> Plugin:
        """Its description, at `NOMINAL_RATE`."""
        found = described(self.name, self.facts, NOMINAL_RATE)
        return replace(found, doc=f"Not run by ipyclam: {FAULTS[self.name]}. {found.doc}") if self.name in FAULTS else found

    def control_inputs(self, sample_rate: float) -> list[Control]:
        """The control inputs, in order, with the ranges they have at a sample rate in Hz."""
        return [control for control in described(self.name, self.facts, sample_rate).controls if control.direction == "In"]


@dataclass(frozen=True)
class Index:
    """The plugins of some folders by their names, and by path why a library could not be read."""

    plugins: Mapping[str, Found]
    broken: Mapping[str, str]


def folders() -> list[str]:
    """Where plugins are looked for: in LADSPA_PATH, or else where Linux distributions and hosts put them."""
    named = os.environ.get("LADSPA_PATH")
    if named:
        return list(dict.fromkeys(os.path.abspath(folder) for folder in named.split(os.pathsep) if folder))
    machine = getattr(sys.implementation, "_multiarch", "")
    usual = ["~/.ladspa", "/usr/local/lib/ladspa", "/usr/lib/ladspa", f"/usr/lib/{machine}/ladspa", "/usr/lib64/ladspa"]
    return list(dict.fromkeys(os.path.realpath(os.path.expanduser(folder)) for folder in usual))


def index() -> Index:
    """The plugins of this machine. Of two with one name, the first counts."""
    libraries = {path: stamp for folder in folders() for path, stamp in _libraries(folder)}
    plugins: dict[str, Found] = {}
    broken: dict[str, str] = {}
    for path, answer in _answers(libraries).items():
        if isinstance(answer, str):
            broken[path] = answer
            continue
        for facts in answer:
            name = f"ladspa_{facts['label']}_{facts['id']}"
            plugins.setdefault(name, Found(name, path, facts))
    return Index(plugins, broken)


def _libraries(folder: str) -> Iterator[tuple[str, list[int]]]:
    """The libraries in a folder, by path, each with its size and its time of change."""
    try:
        with os.scandir(folder) as entries:
            paths = sorted(entry.path for entry in entries if entry.name.endswith(".so"))
    except OSError:
        return
    for path in paths:
        try:
            held = os.stat(path)
        except OSError:
            continue
        if stat.S_ISREG(held.st_mode):  # to open a pipe would block
            yield path, [held.st_size, held.st_mtime_ns]


def _answers(libraries: Mapping[str, list[int]]) -> dict[str, Any]:
    """What is in each library: a list of plugins, or why it could not be read."""
    if not libraries:
        return {}
    key = hashlib.sha256("\0".join([_source_digest(), *folders()]).encode(errors="surrogateescape")).hexdigest()[:40]
    kept = _kept(key)
    known = {path: kept[path][1] for path, stamp in libraries.items() if path in kept and kept[path][0] == stamp}
    new = [path for path in libraries if path not in known]
    if new or len(kept) != len(known):
        known.update(zip(new, _asked(new), strict=True))
        indices.write(key, json.dumps({path: [stamp, known[path]] for path, stamp in libraries.items()}).encode())
    return {path: known[path] for path in libraries}


def _kept(key: str) -> dict[str, Any]:
    held = indices.read(key)
    try:
        kept = json.loads(held) if held is not None else {}
        return kept if isinstance(kept, dict) and all(len(entry) == 2 for entry in kept.values()) else {}
    except (ValueError, TypeError):
        return {}


def _source_digest() -> str:
    """Of the module that answers: other answers of an older one are not taken for its own."""
    return hashlib.sha256(Path(ladspa_library.__file__).read_bytes()).hexdigest()


def _asked(paths: Sequence[str]) -> list[Any]:
    """What another process says of libraries. One that crashes or does not answer is left out, and the others are asked again."""
    answers: list[Any] = []
    while len(answers) < len(paths):
        said, why = _ask(paths[len(answers) :])
        answers += said
        if len(answers) < len(paths):
            answers.append(why)
    return answers


def _ask(paths: Sequence[str]) -> tuple[list[Any], str]:
    """The answers for the first libraries, and why there are no more."""
    import subprocess  # slow to import, and seldom needed

    command = [sys.executable, "-I", "-S", ladspa_library.__file__]
    given = b"\0".join(map(os.fsencode, paths))
    try:
        done = subprocess.run(
            command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, start_new_session=True, check=False
        )  # fmt: skip
        said, why = done.stdout, f"it crashed when it was looked at ({_end_of(done.returncode)})"
    except subprocess.TimeoutExpired as error:
        said, why = error.stdout or b"", f"it did not answer within {SECONDS:g} seconds"
    whole = [line for line in said.split(b"\n")[:-1] if line]
    return [json.loads(line) for line in whole[: len(paths)]], why


def _end_of(status: int) -> str:
    """How a process ended, in words."""
    return f"status {status}" if status >= 0 else signal.Signals(-status).name


def described(name: str, facts: Mapping[str, Any], sample_rate: float) -> Plugin:
    """A plugin as its author declared it; connectors of one kind and direction that have the same name are numbered."""
    ports: list[Port] = []
    controls: list[Control] = []
    taken: dict[tuple[int, str], int] = {}
    for bits, title, hint, lower, upper in facts["ports"]:
        given = title or "Port"
        taken[bits, given] = count = taken.get((bits, given), 0) + 1
        unique = given if count == 1 else f"{given} {count}"
        direction: Direction = "In" if bits & INPUT else "Out"
        if bits & AUDIO:
            ports.append(Port(unique, direction, "audio"))
        else:
            controls.append(_control(unique, direction, hint, lower, upper, sample_rate))
    return Plugin(name, facts["name"] or facts["label"], facts["maker"], "LADSPA", _doc(facts), tuple(ports), tuple(controls))


def _doc(facts: Mapping[str, Any]) -> str:
    """The copyright, and the properties that matter to a user."""
    said = [f"Copyright: {facts['copyright']}." if facts["copyright"] not in ("", "None") else "No copyright."]
    if not facts["properties"] & HARD_RT:
        said.append("Its author does not call it fit for hard real time: it may cause xruns.")
    if facts["properties"] & REALTIME:
        said.append("It depends on real time: a rendering may differ from what you hear.")
    return " ".join(said)


def _control(name: str, direction: Direction, hint: int, lower: float, upper: float, sample_rate: float) -> Control:
    scale = sample_rate if hint & _OF_RATE else 1.0
    minimum = _short(lower * scale) if hint & _BELOW and math.isfinite(lower) else None
    maximum = _short(upper * scale) if hint & _ABOVE and math.isfinite(upper) else None
    if minimum is not None and maximum is not None and minimum > maximum:
        minimum = maximum = None
    type_: Literal["float", "int", "bool"] = "bool" if hint & _TOGGLED else "int" if hint & _INTEGER else "float"
    if type_ == "bool":
        minimum, maximum = 0.0, 1.0
    elif type_ == "int":  # bounds may be a little wider than the numbers meant
        minimum = None if minimum is None else float(math.ceil(minimum - 0.01) if minimum != int(minimum) else minimum)
        maximum = None if maximum is None else float(math.floor(maximum + 0.01) if maximum != int(maximum) else maximum)
    default = _default(hint, minimum, maximum)
    if type_ == "int":
        default = float(round(default))
    default = max(default, minimum) if minimum is not None else default
    default = min(default, maximum) if maximum is not None else default
    words = {"bool": "0 is off, 1 is on", "int": "whole numbers"}.get(type_, "logarithmic" if hint & _LOGARITHMIC else "")
    return Control(name, direction, type_, default, minimum, maximum, _unit(name), doc=words)


def _default(hint: int, minimum: float | None, maximum: float | None) -> float:
    """The default that the hints say: a number, or a place in the range. Without one, 0 or the nearest number in the range."""
    kind = hint & _DEFAULT
    if kind in _VALUES:
        return _VALUES[kind]
    low, high = minimum if minimum is not None else maximum, maximum if maximum is not None else minimum
    if kind not in _SHARES or low is None or high is None:
        return 0.0
    share = _SHARES[kind]
    if hint & _LOGARITHMIC and low > 0.0 and high > 0.0:
        return _short(math.exp(math.log(low) * (1.0 - share) + math.log(high) * share))
    return _short(low * (1.0 - share) + high * share)


def _unit(name: str) -> str:
    """The unit that a name ends with: ``Hz`` of ``Cutoff (Hz)``."""
    found = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", name)
    return _UNITS.get(found[1].strip().lower(), "") if found else ""


def _short(number: float) -> float:
    """A float of 32 bits as its author wrote it: 0.27, not 0.27000001072883606."""
    return float(f"{number:.7g}")
