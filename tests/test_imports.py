"""Who may import whom: the layers of ipyclam, held by reading the imports of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = [name for name in ("ipyclam_core", "ipyclam_console", "ipyclam_editor") if (ROOT / name / "__init__.py").exists()]


class Room(NamedTuple):
    """A folder, and all that its modules may import: other rooms, and other people's packages (besides Python's own)."""

    name: str
    rooms: str
    others: str


# A module belongs to the first room whose name its own begins with; every room may import itself.
# A room stands below all that import it: nothing runs up.
ROOMS = [
    #    room                        may import the rooms                                   and of others
    Room("ipyclam_core.frontend",    "border declare midi panels pictures",                 "numpy soundfile soxr"),
    Room("ipyclam_core.declare",     "border",                                              "numpy"),
    Room("ipyclam_core.dsp.memory",  "border declare",                                      "numpy"),
    Room("ipyclam_core.dsp.native",  "border declare dsp.memory",                           "numpy numba llvmlite"),
    Room("ipyclam_core.dsp.planning", "border declare dsp.memory",                          "numpy"),
    Room("ipyclam_core.dsp.devices", "border libjack dsp.memory dsp",                       "numpy sounddevice"),
    Room("ipyclam_core.dsp.playing", "border declare dsp.memory dsp.planning dsp dsp.devices", "numpy soundfile"),
    Room("ipyclam_core.dsp",         "border declare dsp.memory dsp.native dsp.planning",   "numpy llvmlite"),
    Room("ipyclam_core.midi",        "border",                                              "mido rtmidi"),
    Room("ipyclam_core.data",        "border declare",                                      ""),
    Room("ipyclam_core.processings", "border declare data dsp midi",                        "numpy soundfile soxr"),
    Room("ipyclam_core.plugins",     "border",                                              ""),
    Room("ipyclam_core.engines.clam", "border declare plugins processings dsp.memory dsp.native dsp dsp.devices dsp.playing", "numpy"),
    Room("ipyclam_core.following",   "border",                                              ""),
    Room("ipyclam_core.libjack",     "border",                                              ""),
    Room("ipyclam_core.engines.jack", "border following libjack plugins",                   "jack"),
    Room("ipyclam_core.engines",     "border",                                              "numpy"),
    Room("ipyclam_core.formats",     "border frontend",                                     ""),
    Room("ipyclam_core.panels",      "border",                                              "ipywidgets"),
    Room("ipyclam_core.pictures",    "border",                                              "numpy igraph resvg_py"),
    Room("ipyclam_core.video",       "border frontend pictures",                            "numpy soundfile imageio_ffmpeg"),
    Room("ipyclam_core.play",        "border frontend",                                     ""),
    Room("ipyclam_core.system",      "",                                                    "soundfile"),
    Room("ipyclam_core",             "",                                                    "numpy"),
    Room("ipyclam_console",          "border frontend pictures video", "IPython traitlets prompt_toolkit rich numpy soundfile"),
    Room("ipyclam_editor",           "border frontend",                                     "PySide6 qtpy qtconsole"),
]  # fmt: skip

SYSTEM = "ipyclam_core.system"
"""What every room may import: it knows nothing of networks."""

BORDER = "ipyclam_core"
"""The modules that stand in no folder: what front-end and engines say to each other."""

ENTRANCE = "ipyclam_core"
"""The package itself names what people import, wherever that lives."""

# What `import ipyclam_core` must not load, though Python may have it installed.
NOT_AT_ONCE = "numba llvmlite scipy jack sounddevice soundfile soxr IPython traitlets socket asyncio subprocess"


class Import(NamedTuple):
    """`module` asks for `name` of `target` (`name` is empty where the whole module is asked for)."""

    module: str
    target: str
    name: str
    line: int


def modules() -> dict[str, Path]:
    """Every module of ours, by its dotted name."""
    found = {}
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def room_of(module: str) -> Room:
    return next(room for room in ROOMS if module == room.name or module.startswith(f"{room.name}."))


def named(word: str) -> str:
    return BORDER if word == "border" else f"{BORDER}.{word}"


def imports(module: str) -> Iterator[Import]:
    """What a module imports, at its top and inside its functions, for types only as well."""
    path = MODULES[module]
    package = module.split(".") if path.stem == "__init__" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, "", node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            target = ".".join([*base, *filter(None, [node.module])])
            for alias in node.names:
                whole = f"{target}.{alias.name}"
                yield Import(module, whole, "", node.lineno) if whole in MODULES else Import(module, target, alias.name, node.lineno)


ALL = [found for module in MODULES for found in imports(module)]


def told(found: Import) -> str:
    path = MODULES[found.module].relative_to(ROOT)
    return f"{path}:{found.line} imports {found.target}{' (' + found.name + ')' if found.name else ''}"


def is_ours(found: Import) -> bool:
    return found.target.split(".")[0] in ("ipyclam_core", "ipyclam_console", "ipyclam_editor")


def may_import(found: Import) -> bool:
    room = room_of(found.module)
    if is_ours(found):
        there = room_of(found.target)
        return found.module == ENTRANCE or there is room or there.name in {SYSTEM, *map(named, room.rooms.split())}
    top = found.target.split(".")[0]
    return top in sys.stdlib_module_names or top in room.others.split()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_imports_what_its_line_allows(room: Room) -> None:
    refused = [told(found) for found in ALL if room_of(found.module) is room and not may_import(found)]
    assert not refused, "\n".join(refused)


def test_nothing_runs_up() -> None:
    """The rooms that a room may import can be put below it, and theirs below them: there is no circle."""
    order = TopologicalSorter({room.name: set(map(named, room.rooms.split())) - {room.name} for room in ROOMS})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(f"these rooms stand below each other: {' > '.join(error.args[1])}")


def test_an_engine_never_sees_another_engine() -> None:
    def engine(module: str) -> str:
        parts = module.split(".")
        return parts[2] if parts[:2] == ["ipyclam_core", "engines"] and len(parts) > 2 else ""

    refused = [told(found) for found in ALL if engine(found.module) and engine(found.target) not in ("", engine(found.module))]
    assert not refused, "\n".join(refused)


def test_the_console_uses_public_names_of_the_core_only() -> None:
    def private(found: Import) -> bool:
        return any(part.startswith("_") and not part.startswith("__") for part in [*found.target.split("."), found.name])

    outside = [found for found in ALL if not found.module.startswith("ipyclam_core") and found.target.startswith("ipyclam_core")]
    refused = [told(found) for found in outside if private(found)]
    assert not refused, "\n".join(refused)


CONTRACT = {
    "_config", "_inports", "_outports", "_incontrols", "_outcontrols", "_position", "_size", "_title", "_waiting", "_facts",
}  # fmt: skip
"""The attributes that begin with an underscore and are public all the same: the plain ones belong to the user's names."""


def private_names(package: str) -> set[str]:
    """The names beginning with one underscore that a package's classes define, and its objects are given."""
    found: set[str] = set()
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())) if module.split(".")[0] == package else ():
            if isinstance(node, ast.ClassDef):
                defined = [each for each in node.body if isinstance(each, (ast.FunctionDef, ast.AnnAssign, ast.Assign))]
                targets = [target for each in defined for target in getattr(each, "targets", [getattr(each, "target", each)])]
                found |= {getattr(target, "name", "") or getattr(target, "id", "") for target in targets}
                slots = [each.value for each in defined if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__slots__"]
                found |= {name.value for each in slots for name in ast.walk(each) if isinstance(name, ast.Constant)}
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
    return {name for name in found if isinstance(name, str) and name[:1] == "_" and name[:2] != "__"}


def reads(module: str) -> Iterator[tuple[str, bool, int]]:
    """The attributes that a module asks for: their name, whether of `self`, and the line."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Attribute):
            yield node.attr, isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"), node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("getattr", "getattr_static", "hasattr", "attrgetter")):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, False, node.lineno


def test_the_console_reads_no_private_attribute_of_the_core() -> None:
    theirs = private_names("ipyclam_core") - CONTRACT - {"_replace", "_asdict", "_fields"}  # those are public in named tuples
    assert {"_proxy", "_attributes"} <= theirs  # else this test looks at nothing
    refused = []
    for module in (module for module in MODULES if not module.startswith("ipyclam_core")):
        ours = private_names(module.split(".")[0])
        for name, of_self, line in reads(module):
            if name in theirs and not (of_self and name in ours):
                refused.append(f"{MODULES[module].relative_to(ROOT)}:{line} reads {name}")
    assert not refused, "\n".join(refused)


def test_the_console_does_not_look_behind_the_recording_proxy() -> None:
    """The engine itself is nobody's business there: what it can do, a network has methods for."""
    refused = []
    for module in (module for module in MODULES if not module.startswith("ipyclam_core")):
        refused += [f"{MODULES[module].relative_to(ROOT)}:{line} reads inner" for name, _, line in reads(module) if name == "inner"]
    assert not refused, "\n".join(refused)


def test_only_the_shell_and_the_extension_wire_the_console() -> None:
    """Magics, completers and prompts do not know the shell."""
    wiring = {"ipyclam_console.shell", "ipyclam_console.extension"}
    entrances = wiring | {"ipyclam_console", "ipyclam_console.__main__"}
    refused = [told(found) for found in ALL if found.target in wiring and found.module not in entrances]
    assert not refused, "\n".join(refused)


def test_importing_the_core_loads_nothing_heavy() -> None:
    code = f"import sys, ipyclam_core; print(*sorted(set({NOT_AT_ONCE.split()}) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert loaded == []


def test_the_names_of_the_devices_load_no_compiler_and_open_nothing() -> None:
    heavy = {"numba", "llvmlite", "sounddevice", "jack"}
    code = f"import sys; from ipyclam_core import Network; Network('clam').devices; print(*{heavy} & {{*sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert loaded == []
