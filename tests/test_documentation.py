"""Every session in README, docs and docstrings runs and says what it says there; no link inside the documentation is dead."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipyclam_core import Network

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_generated" not in path.parts)]
MODULES = sorted(path for name in ("ipyclam_core", "ipyclam_console") for path in (ROOT / name).rglob("*.py"))
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(`{3,}|:{3,})(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run(examples: list[doctest.Example], names: dict[str, object], where: str, path: Path) -> None:
    """Run the examples one after the other; the first that says something else than it should ends it."""
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
    runner.run(doctest.DocTest(examples, names, where, str(path), 0, None), out=told.append)
    assert not runner.failures, "".join(told)


def with_session(paths: list[Path]) -> list[Path]:
    return [path for path in paths if ">>>" in path.read_text()]


@pytest.mark.parametrize("page", with_session(PAGES), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_sessions_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is one session from top to bottom, in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    text = "\n".join(line for line in page.read_text().splitlines() if not line.startswith("```"))
    run(doctest.DocTestParser().get_examples(text, str(page)), {"__name__": "__main__"}, page.name, page)


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


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_an_example_loads_runs_and_can_be_rendered(example: Path) -> None:
    """Read as a network file, and run as the program it is too, it makes the same network."""
    net = Network()
    net.load(example)
    assert runpy.run_path(str(example))["net"] == net
    assert net.render(frames=1024).shape == (1024, 2)
