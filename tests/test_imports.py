"""Who may import whom: the layers of ipyclam, held by reading the imports of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = [name for name in ("ipyclam_core", "ipyclam_console", "ipyclam_editor") if (ROOT / name / "__init__.py").exists()]


class Layer(NamedTuple):
    """Some modules, and all that they may import: our modules, and other people's packages (besides Python's own)."""

    modules: str
    ours: str
    others: str


BORDER = "ipyclam_core.proxy ipyclam_core.errors ipyclam_core.parameters"
TYPES = "ipyclam_core.declaration ipyclam_core.describe ipyclam_core.mistakes ipyclam_core.rehearsal ipyclam_core.origins"
PLAIN = (
    f"{BORDER} ipyclam_core.registry ipyclam_core.wires ipyclam_core.graph ipyclam_core.banks ipyclam_core.bank_names ipyclam_core.folding"
)

# A module belongs to the first line that names it. `*` stands for any text, dots too.
LAYERS = [
    #     modules                          may import of ours                                       and of others
    Layer(PLAIN,                           PLAIN,                                                   "numpy"),
    Layer(TYPES,                           f"{BORDER} {TYPES}",                                     "numpy"),
    Layer("ipyclam_core.declare",          f"{BORDER} ipyclam_core.registry {TYPES} ipyclam_core.dsp.kernels", ""),
    Layer("ipyclam_core.engines.clam",     f"{PLAIN} {TYPES} ipyclam_core.dsp* ipyclam_core.processings*", "numpy"),
    Layer("ipyclam_core.engines.jack",     f"{PLAIN} ipyclam_core.jack*",                           "numpy jack"),
    Layer("ipyclam_core.engines.*",        PLAIN,                                                   "numpy"),
    Layer("ipyclam_core.jack*",            f"{PLAIN} ipyclam_core.jack*",                           "numpy jack"),
    Layer("ipyclam_core.processings*",     f"{BORDER} ipyclam_core.declare ipyclam_core.dsp* ipyclam_core.processings*",
          "numpy soundfile soxr"),
    Layer("ipyclam_core.dsp.devices*",     f"{BORDER} ipyclam_core.dsp*",                           "numpy sounddevice"),
    Layer("ipyclam_core.dsp.native*",      f"{BORDER} {TYPES} ipyclam_core.dsp*",                   "numpy numba llvmlite"),
    Layer("ipyclam_core.dsp*",             f"{BORDER} {TYPES} ipyclam_core.banks ipyclam_core.dsp*",
          "numpy llvmlite soundfile soxr"),
    Layer("ipyclam_core.formats*",         f"{BORDER} front-end ipyclam_core.formats*",             ""),
    Layer("ipyclam_core.video*",           f"{PLAIN} front-end ipyclam_core.video*",                "numpy soundfile imageio_ffmpeg"),
    Layer("ipyclam_core.pictures*",        f"{BORDER} ipyclam_core.pictures*",                      "numpy igraph resvg_py"),
    Layer("ipyclam_core ipyclam_core.*",   f"{PLAIN} front-end ipyclam_core.pictures*",             "numpy soundfile soxr"),
    Layer("ipyclam_console*",              f"{PLAIN} front-end ipyclam_core.video* ipyclam_core.pictures* ipyclam_console*",
          "IPython traitlets prompt_toolkit pygments rich numpy soundfile"),
    Layer("ipyclam_editor*",               "front-end ipyclam_core.errors ipyclam_editor*",         "PySide6 qtpy qtconsole"),
]  # fmt: skip

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


def layer_of(module: str) -> Layer:
    return next(layer for layer in LAYERS if matches(module, layer.modules))


def matches(module: str, patterns: str) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns.split())


FRONT_END = {name for name, path in MODULES.items() if path.parent == ROOT / "ipyclam_core" and not matches(name, PLAIN)}


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
    allowed = layer_of(found.module)
    if is_ours(found):
        patterns = " ".join(word for word in allowed.ours.split() if word != "front-end")
        return matches(found.target, patterns) or ("front-end" in allowed.ours.split() and found.target in FRONT_END)
    top = found.target.split(".")[0]
    return top in sys.stdlib_module_names or top in allowed.others.split()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.modules.split()[0])
def test_a_layer_imports_what_its_line_allows(layer: Layer) -> None:
    refused = [told(found) for found in ALL if layer_of(found.module) is layer and not may_import(found)]
    assert not refused, "\n".join(refused)


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
