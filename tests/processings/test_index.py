"""The index of types: as good as importing every module, much faster, and never trusted when it is not the right one."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ipyclam_core import processings
from ipyclam_core.declare import index
from ipyclam_core.declare.declaration import Declaration, Listed, catalog
from ipyclam_core.system.cache import Cache

from .conftest import OURS

pytestmark = pytest.mark.slow

PACKAGE = Path(processings.__file__).parents[1]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with an index."""
    cache = tmp_path_factory.mktemp("cache")
    assert run("list(net.types)", cache, "'numpy' in sys.modules") == "True"  # it had to be made
    return cache


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with a copy of ipyclam, to change."""
    shutil.copytree(PACKAGE, tmp_path / "copy" / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def run(code: str, cache: Path, shown: str = "''", folder: Path = PACKAGE.parent, options: tuple[str, ...] = ()) -> str:
    """What a new process shows after some statements about a network; warnings end it."""
    lines = ["import sys", "from ipyclam_core import Network", "net = Network()", code, f"print({shown})"]
    environment = {**os.environ, "IPYCLAM_CACHE": str(cache), "PYTHONPATH": str(folder)}
    command = [sys.executable, "-W", "error", *options, "-c", "\n".join(lines)]
    process = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120)
    assert (process.returncode, process.stderr) == (0, ""), process.stderr
    return process.stdout.removesuffix("\n")


LOADED = "sorted(name for name in sys.modules if name == 'numpy' or name.startswith('ipyclam_core.processings.'))"
SHELL = """
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell(config=config)
shell.user_ns["net"] = net
shell.run_line_magic("load_ext", "ipyclam_console")
def tab(typed):
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(typed, len(typed))]
"""
QUESTIONS = {
    "names": "assert 'Sine' in list(net.types) and len(net.types) > 90",
    "spec": "assert net.types.Sine.config['Frequency'].default == 440.0 and net.types.Sine.outports[0].type == 'Audio'",
    "search": "assert 'ResonantLowPass' in net.types.search('filter')",
    "page": "assert 'Frequency' in net.types.Sine.__doc__",
    "adding": "net.osc = net.types.Sine; net.osc.Frequency = 220; net.gain = 'Gain'; net.osc > net.gain",
    "a name that is not there": "\ntry: net.osc = 'Sinne'\nexcept AttributeError as error: assert 'Sine' in str(error)",
    "code": "net.osc = 'Sine'; assert 'Sine' in net.code()",
    "tab for types": SHELL + "assert any('Sine' in text for text in tab('net.types.Si'))",
    "tab for a new processing": SHELL + "assert any('Sine' in text for text in tab('net.osc = net.types.Si') + tab('net.osc = '))",
    "%types": SHELL + "shell.run_line_magic('types', 'oscillator'); sys.stdout.flush()",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_answered_without_numpy_and_without_the_modules(question: str, filled: Path) -> None:
    assert run(QUESTIONS[question], filled, LOADED).splitlines()[-1] == "[]"


def test_only_the_modules_of_types_that_sound_are_imported(filled: Path) -> None:
    code = "net.osc = 'Sine'; net.sink = 'AudioSink'; net.osc > net.sink; assert abs(net.render(frames=64)).max() > 0.1"
    loaded = ast.literal_eval(run(code, filled, LOADED))
    families = {name.removeprefix("ipyclam_core.processings.") for name in loaded} - {"numpy", "audio"}
    assert families == {"audio.oscillators", "audio.sources_and_sinks"}


def test_a_type_whose_ports_are_computed_is_added(filled: Path) -> None:
    name = next(name for name, type_ in OURS.items() if type_.has_ports)
    assert run(f"net.one = {name!r}", filled, "len(net.one._inports) + len(net.one._outports) > 0") == "True"


def test_names_and_specs_are_those_of_the_modules() -> None:
    types = index.types_below(processings)
    again = index._from_json(index._to_json(types), {entry.module for entry in types})
    assert [repr(entry) for entry in again] == [repr(entry) for entry in types]
    for entry in types:
        declared = catalog[entry.spec.name]
        assert repr(entry.spec) == repr(declared.spec)
        assert (entry.owner, entry.role, entry.has_ports, entry.has_problems) == (
            declared.owner, declared.role, declared.ports is not None, declared.problem is not None,
        )  # fmt: skip
    assert {entry.spec.name for entry in types} == set(OURS)


def test_the_order_is_that_of_the_modules_with_an_index_and_without(filled: Path, tmp_path: Path) -> None:
    with_index, without = run("", filled, "*net.types"), run("", tmp_path, "*net.types")
    assert with_index == without
    modules = [entry.module for entry in index.types_below(processings)]
    assert modules == sorted(modules)


def test_a_type_has_one_spec_before_and_after_its_module_is_imported(filled: Path) -> None:
    code = """
net.osc = 'Sine'
before = net.types.Sine.spec
from ipyclam_core.declare.declaration import catalog
declared = catalog["Sine"]
assert declared.function is not None
"""
    shown = "declared.spec is before is net.types.Sine.spec is net.proxy.processings()['osc'].spec"
    assert run(code, filled, shown) == "True"


OWN = """
from ipyclam_core.declare import out_port, processing
def define(called):
    @processing(name=called)
    class Own:
        audio = out_port()
        def step():
            return 0.5
"""


def test_types_of_ones_own_stand_behind_ours(filled: Path) -> None:
    assert run(f"{OWN}\ndefine('Constantly')", filled, "list(net.types)[-1], len(net.types)") == f"Constantly {len(OURS) + 1}"


def test_a_name_of_ours_is_not_taken_although_its_module_has_not_been_imported(filled: Path) -> None:
    code = f"{OWN}\ntry: define('SimpleOscillator')\nexcept Exception as error: told = str(error)"
    told = run(code, filled, "told")
    assert "ipyclam_core.processings.audio.oscillators.SimpleOscillator" in told
    assert "__main__.define.<locals>.Own" in told
    assert "both define a type of this name" in told


def same_size_and_time(path: Path, old: str, new: str) -> None:
    """Change a file so that only its contents tell."""
    facts, text = path.stat(), path.read_text()
    assert text.count(old) == 1
    assert len(old) == len(new)
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


GAIN = "ipyclam_core/processings/audio/mixing.py"


def test_a_module_that_has_changed_is_read_again(copied: Path, tmp_path: Path) -> None:
    doc = "net.types.Gain.doc"
    before = run("", tmp_path, doc, copied)
    word = before.split()[0]
    same_size_and_time(copied / GAIN, f'"""{before.splitlines()[0]}', f'"""{before.splitlines()[0].replace(word, word.upper())}')
    assert run("", tmp_path, doc, copied).split()[0] == word.upper()


@pytest.mark.parametrize("name", ["declare/describe.py", "declare/__init__.py", "proxy.py", "parameters.py"])
def test_so_are_all_modules_where_what_they_are_made_with_has_changed(name: str, copied: Path, tmp_path: Path) -> None:
    loaded = "'numpy' in sys.modules"
    assert [run("list(net.types)", tmp_path, loaded, copied) for _ in range(2)] == ["True", "False"]
    with open(copied / "ipyclam_core" / name, "a") as file:
        file.write("#")
    assert [run("list(net.types)", tmp_path, loaded, copied) for _ in range(2)] == ["True", "False"]


FAMILY = """
from ...declare import out_port, processing
@processing()
class {}:
    audio = out_port()
    def step():
        return 0.5
"""


def test_modules_come_and_go(copied: Path, tmp_path: Path) -> None:
    family = copied / "ipyclam_core" / "processings" / "audio" / "zebras.py"
    assert run("", tmp_path, "'Zebra' in net.types", copied) == "False"
    family.write_text(FAMILY.format("Zebra"))
    assert [run("", tmp_path, "'Zebra' in net.types", copied) for _ in range(2)] == ["True", "True"]
    family.unlink()
    assert run("", tmp_path, "'Zebra' in net.types", copied) == "False"


def test_a_name_taken_twice_is_an_error_every_time(copied: Path, tmp_path: Path) -> None:
    (copied / "ipyclam_core" / "processings" / "audio" / "zebras.py").write_text(FAMILY.format("Sine"))
    for _ in range(2):
        told = run("\ntry: list(net.types)\nexcept Exception as error: told = str(error)", tmp_path, "told", copied)
        assert "ipyclam_core.processings.audio.oscillators.Sine and ipyclam_core.processings.audio.zebras.Sine both define" in told


def test_a_module_that_changes_while_it_is_used_is_taken_up_or_refused_in_words(copied: Path, tmp_path: Path) -> None:
    family = copied / "ipyclam_core" / "processings" / "audio" / "zebras.py"
    family.write_text(FAMILY.format("Zebra") + "    " + "'''One.'''")
    run("list(net.types)", tmp_path, "''", copied)
    change = f"net.one = 'Zebra'; import pathlib; family = pathlib.Path({str(family)!r})"
    more = FAMILY.format("Zebra").replace("audio = out_port()", "audio = out_port()\n    more = out_port()").replace("0.5", "0.5, 0.25")
    code = f"{change}; family.write_text({more!r}); net.sink = 'AudioSink'; net.one[0:1] > net.sink; net.render(frames=8)"
    assert run(code, tmp_path, "[port.name for port in net.one._outports]", copied) == "['audio', 'more']"
    family.write_text(FAMILY.format("Zebra"))
    run("list(net.types)", tmp_path, "''", copied)
    code = f"{change}; family.write_text({FAMILY.format('Horse')!r}); net.sink = 'AudioSink'; net.one > net.sink"
    code += "\ntry: net.render(frames=8)\nexcept Exception as error: told = str(error)"
    told = run(code, tmp_path, "told", copied)
    assert (
        told == "ipyclam_core.processings.audio.zebras has changed and does not define Zebra any more. Start again to use the new version."
    )


def test_docstrings_are_not_lost_to_a_python_that_leaves_them_out(tmp_path: Path) -> None:
    shown = "bool(net.types.Sine.doc)"
    assert [run("", tmp_path, shown, options=options) for options in [("-OO",), (), ("-OO",)]] == ["False", "True", "False"]


def entry(**changes: Any) -> dict[str, Any]:
    """One of ours, as an index has it, but for some fields."""
    held: dict[str, Any] = json.loads(index._to_json(index.types_below(processings)))[0]
    return {**held, **changes}


FOREIGN = {
    "nothing": b"",
    "no JSON": b"\x80\x04\x95",
    "a number": b"3",
    "a list of numbers": b"[3]",
    "a dict": b"{}",
    "an empty list": b"[]",
    "a type without a spec": [{"owner": "x", "module": "y"}],
    "a type with a field that there is not": "more",
    "a port with a field that there is not": "port",
    "a module that is not one of ours": "module",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_index_is_replaced_silently(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYCLAM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "stranger.py").write_text("import pathlib; pathlib.Path('it ran').touch()")
    monkeypatch.syspath_prepend(tmp_path)
    held = FOREIGN[kind]
    if kind.startswith("a type with a"):
        held = [entry(more=1)]
    elif kind.startswith("a port"):
        held = [entry(spec={**entry()["spec"], "outports": [{"name": "x", "more": 1}]})]
    elif kind.startswith("a module"):
        held = [entry(module="stranger")]
    key = index._key(list(index._sources(PACKAGE / "processings")))
    cache = Cache("types", ".json")
    cache.write(key, held if isinstance(held, bytes) else json.dumps(held).encode())
    types = index.types_below(processings)
    assert {entry.spec.name for entry in types} == set(OURS)
    assert "stranger" not in sys.modules
    assert cache.read(key) == index._to_json(types)


def test_without_a_cache_folder_the_modules_are_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYCLAM_CACHE", "/dev/null/ipyclam")
    assert {entry.spec.name for entry in index.types_below(processings)} == set(OURS)


def test_a_catalog_keeps_what_was_there_before_behind_what_is_expected() -> None:
    types = {entry.spec.name: entry for entry in index.types_below(processings)}
    own: Declaration = OURS["Saw"]
    here = type(catalog)()
    here.enter(own)
    here.enter(OURS["Sine"])
    here.expect([types["Gain"], types["Sine"]])
    assert list(here) == ["Gain", "Sine", "Saw"]
    assert isinstance(here.listed["Gain"], Listed)
    assert here.listed["Sine"] is OURS["Sine"]


WORDS_ONLY = {
    "errors", "in_use", "midi.files", "midi.ports", "system", "system.display", "system.given", "system.obstacles", "system.sound_formats"
}  # fmt: skip
"""What the modules take from elsewhere that is in no declaration: words about files and ports, and on the screen."""


def test_an_index_belongs_to_all_that_a_declaration_is_made_with() -> None:
    taken = set()
    for path in (PACKAGE / "processings").rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom) and node.level == 3:
                taken.add(str(node.module))
    assert {name for name in taken - WORDS_ONLY if name.split(".")[0] not in ("declare", "data", "parameters")} == set()
    assert {path.relative_to(PACKAGE).as_posix() for path in index.SOURCES} == {"declare", "data", "proxy.py", "parameters.py"}


THREADS = """
from threading import Barrier, Thread
from ipyclam_core.declare.declaration import catalog
sys.setswitchinterval(1e-6)
together, found = Barrier(6), []
def ask():
    together.wait()
    found.append(list(net.types))
threads = [Thread(target=ask) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_threads_that_ask_at_once_get_the_same_answer(filled: Path) -> None:
    shown = "len(found), len(set(map(tuple, found))), len(found[0]), len(catalog._listeners)"
    assert run(THREADS, filled, shown) == f"6 1 {len(OURS)} 1"
