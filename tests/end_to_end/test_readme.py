"""The first session of README, typed in order in a real terminal, as it is and with the demo that ``make run`` plays."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from terminal import Terminal

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def typed() -> list[doctest.Example]:
    text = "\n".join(line for line in README.splitlines() if not line.startswith("```"))
    return doctest.DocTestParser().get_examples(text, "README.md")


def console() -> list[tuple[str, str]]:
    """What README types at the console's prompt, and the lines that it shows."""
    block = re.search(r"^\$ ipyclam_console tone\.py\n((?:.*\n)*?)```", README, re.MULTILINE)
    assert block is not None
    return re.findall(r"^In \[\d+\]: (.*)\n((?:(?!In \[).*\n)*)", block[1], re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("ipyclam_console", []),
        ("python -m ipyclam_console", []),
        (f"ipyclam_console {ROOT / 'examples' / 'wobble.py'} --copy --play --device=clock", ["%tree", "%stop", "net.clear()"]),
    ],
    ids=["a console of one's own", "as a module", "what make run opens"],
)
def test_the_session_works_typed_in_order(terminal: Terminal, tmp_path: Path, command: str, first: list[str]) -> None:
    terminal.begin(command)
    for line in first:
        terminal.run(line)
    for example in typed():
        told = terminal.run(example.source.partition("#")[0].strip())
        for line in (example.exc_msg or example.want).splitlines():
            expected = line.removeprefix("ipyclam_core.errors.")
            assert expected in told, (example.source, told)
    assert "330.0" in (tmp_path / "here" / "tone.py").read_text()
    terminal.leave()

    terminal.begin("ipyclam_console tone.py --device=clock")
    for line, shown in console():
        told = terminal.run(line)
        for expected in shown.rstrip().splitlines():
            assert expected in told, (line, told)
    assert (tmp_path / "here" / "take.wav").exists()
    terminal.leave()


def test_readme_says_how_the_command_is_found() -> None:
    assert "source .venv/bin/activate" in README
    assert "pipx install ." in README
