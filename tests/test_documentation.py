"""Every session in README, docs and docstrings runs and says what it says there; no link inside the documentation is dead."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jackd import Jackd

from ipyclam_core import Network, Placeholder

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_generated" not in path.parts),
]
MODULES = sorted(path for name in ("ipyclam_core", "ipyclam_console") for path in (ROOT / name).rglob("*.py"))
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(`{3,}|:{3,})(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run(examples: list[doctest.Example], names: dict[str, object], where: str, path: Path) -> None:
    """Run the examples one after the other; the first that says something else than it should ends it."""
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
    test = doctest.DocTest(examples, names, where, str(path), 0, None)
    test.globs = names  # not a copy: who calls wants the variables
    runner.run(test, out=told.append, clear_globs=False)
    assert not runner.failures, "".join(told)


def pages_with(mark: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "page", [path for path in PAGES if mark in path.read_text()], ids=lambda path: str(path.relative_to(ROOT))
    )


def run_python_of(page: Path) -> dict[str, object]:
    """All that a page types after `>>>`, from top to bottom, is one session; returns its variables."""
    text = "\n".join(line for line in page.read_text().splitlines() if not line.startswith("```"))
    names: dict[str, object] = {"__name__": "__main__"}
    if page.name == "README.md":
        names["net"] = Network()  # as in the console
    run(doctest.DocTestParser().get_examples(text, str(page)), names, page.name, page)
    return names


@pytest.mark.filterwarnings("error::UserWarning")
@pages_with(">>>")
def test_the_sessions_of_a_page_run_without_a_warning(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_python_of(page)


@pytest.mark.slow
@pages_with("In [1]:")
def test_what_a_page_types_at_the_console_works(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block with `In [1]:` is a console of its own, beside what the page's Python has written.

    A line ``$ ipyclam_console ...`` before it says how the console begins.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "profile"))
    monkeypatch.delenv("LADSPA_PATH")  # with the plugins of this machine
    shutil.copy(ROOT / "tests" / "end_to_end" / "networks" / "simpleModulator.clamnetwork", tmp_path)
    with Jackd("documentation"):
        run_python_of(page)
        for block in FENCE.findall(page.read_text()):
            if "In [1]:" in block[1]:
                run_console(block[1])


def run_console(block: str) -> None:
    """Every line typed at the prompt is accepted, and where the page shows what it wrote, it writes that."""
    begun = re.search(r"^\$ (.*?)ipyclam_console(.*)$", block, re.MULTILINE)
    options = shlex.split(begun[2]) if begun else []
    if not any(option.startswith(("--device", "--engine")) for option in options):
        options.append("--device=clock")
    typed = re.findall(r"^In \[\d+\]: (.*)\n((?:(?!In \[).*\n)*)", block, re.MULTILINE)
    driver = (
        "for _line in " + repr([line for line, _ in typed]) + ":\n"
        "    print('<line>', flush=True); _done = get_ipython().run_cell(_line); print('<', _done.success, '>', sep='', flush=True)\n"
    )
    command = [str(Path(sys.executable).with_name("ipyclam_console")), *options, "--colors=nocolor", "-c", driver]
    ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    told = ran.stdout.split("<line>\n")[1:]
    assert len(told) == len(typed), ran.stdout + ran.stderr
    for (line, expected), got in zip(typed, told, strict=True):
        assert got.rstrip().endswith("<True>"), f"{line}\n{got}{ran.stderr}"
        written = re.sub(r"^Out\[\d+\]: ", "", got.rpartition("<True>")[0], flags=re.MULTILINE)
        shown = re.sub(r"^Out\[\d+\]: ", "", expected, flags=re.MULTILINE)
        assert not shown.strip() or doctest.OutputChecker().check_output(shown.strip() + "\n", written.strip() + "\n", OPTIONS), written


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """The docstrings of a file that hold a session, with the names of what they document.

    They are read from the source: what a decorator makes of a function (a compiled kernel) may not keep them.
    """
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text and ">>>" in text:
                yield getattr(node, "name", path.stem), text


DOCSTRINGS = [(path, name, text) for path in MODULES for name, text in docstrings(path)]


@pytest.mark.parametrize(("path", "name", "text"), DOCSTRINGS, ids=[f"{path.relative_to(ROOT)}:{name}" for path, name, _ in DOCSTRINGS])
def test_the_session_of_a_docstring_runs(path: Path, name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    names = {**vars(module), "__name__": "__main__"}  # as if typed at a prompt
    run(doctest.DocTestParser().get_examples(text, name), names, name, path)


def anchors(page: Path) -> set[str]:
    """The names by which the headings of a page can be linked to."""
    titles = re.findall(r"^#+ +(.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead(page: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return False  # another site: not for a test that runs without a network
    name, _, anchor = target.partition("#")
    other = (page.parent / name) if name else page
    if "_generated" in other.parts:
        return False  # made when the documentation is built, which holds those
    return not other.exists() or (bool(anchor) and anchor not in anchors(other))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_is_dead(page: Path) -> None:
    links = LINK.findall(FENCE.sub("", page.read_text()))
    assert [target for target in links if dead(page, target)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_column_of_a_table_has_a_name(page: Path) -> None:
    heads = re.findall(r"^\|(.*)\|\n\|[-:| ]+\|$", FENCE.sub("", page.read_text()), re.MULTILINE)
    assert [head for head in heads if not all(cell.strip() for cell in head.split("|"))] == []


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_an_example_loads_runs_and_can_be_rendered(example: Path) -> None:
    """Read as a network file, and run as the program it is too, it makes the same network."""
    net = Network()
    net.load(example)
    assert runpy.run_path(str(example))["net"] == net
    assert net.render(frames=1024).shape == (1024, 2)


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.clamnetwork")), ids=lambda path: path.name)
def test_a_clam_example_loads_without_placeholders_and_is_saved_as_it_is(example: Path) -> None:
    net = Network()
    net.load(example)
    assert not [processing for processing in net if isinstance(net[processing], Placeholder)]
    assert net.xml() == example.read_text()
    assert abs(net.render(seconds=1)).max() > 0.1
