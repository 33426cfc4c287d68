"""What all tests share: networks over the dummy engine."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from jackd import forget_dead_servers
from waiting import eventually
from xdist.scheduler import LoadScopeScheduling

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog

settings.register_profile("ipyclam", deadline=None, max_examples=60)  # no test asserts a time
settings.load_profile("ipyclam")


SLOW = ("jack", "end_to_end")
"""Folders whose tests all start servers or terminals."""

ON_JACK = ("jack", "contract", "end_to_end")
"""Folders whose tests may start a JACK server; elsewhere it is the modules that import `Jackd`."""


NO_PLUGINS = "/no/plugins"
"""Where LADSPA plugins are looked for: the types are the same on every machine. Tests of plugins say where theirs are."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--poison", action="store_true", help="a wrong use of memory that the audio thread uses too ends the tests at once")


def pytest_configure(config: pytest.Config) -> None:
    os.environ["LADSPA_PATH"] = NO_PLUGINS
    if config.getoption("--poison"):  # before anything of ours that shares memory is imported
        os.environ["IPYCLAM_POISON"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in SLOW:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return OneServerAtATime(config, log)


class OneServerAtATime(LoadScopeScheduling):  # type: ignore[misc]
    """Gives tests to processes one by one; those that may start a JACK server all to the same, as JACK keeps one list of servers."""

    def _split_scope(self, nodeid: str) -> str:
        return "jack" if _starts_servers(nodeid.partition("::")[0]) else nodeid


@cache
def _starts_servers(path: str) -> bool:
    """Whether a file of tests may start a JACK server."""
    file = Path(__file__).parents[1] / path
    return file.parent.name in ON_JACK or "import Jackd" in file.read_text()


def pytest_sessionstart() -> None:
    forget_dead_servers()
    os.environ["IPYCLAM_STATE"] = tempfile.mkdtemp(prefix="ipyclam-state-")  # for what is shared by several tests
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background jobs ignore it, and their children
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup does so, and what is ignored is ignored by our children too
        signal.signal(signal.SIGHUP, lambda number, frame: None)


def pytest_sessionfinish() -> None:
    shutil.rmtree(os.environ.pop("IPYCLAM_STATE", ""), ignore_errors=True)


@pytest.fixture(scope="module", autouse=True)
def _what_is_imported_stays() -> None:
    """Shells collect garbage when they end, and would look through all of numba each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _types_of_a_test_are_its_own() -> Iterator[None]:
    """A type that a test or a page of the documentation defines is there for no other."""
    held = catalog._held
    before = dict(held)
    yield
    for name, entry in list(held.items()):
        if entry.spec.origin and before.get(name) is not entry:
            del held[name]
            if name in before:
                held[name] = before[name]


@pytest.fixture(autouse=True)
def _nothing_plays_on() -> Iterator[None]:
    """A network that a test plays is stopped with it."""
    before = set(threading.enumerate())
    yield
    eventually(lambda: [one.name for one in threading.enumerate() if one.name.startswith("ipyclam") and one not in before], [])


@pytest.fixture(autouse=True)
def _nothing_is_recovered_from_other_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Consoles find what earlier ones have left unsaved: only those of the same test."""
    shared = os.environ["IPYCLAM_STATE"]  # not by `monkeypatch`, which would then end after all other fixtures
    os.environ["IPYCLAM_STATE"] = str(tmp_path_factory.getbasetemp() / f"state-{next(_numbers)}")
    yield
    os.environ["IPYCLAM_STATE"] = shared


_numbers = itertools.count()


@pytest.fixture
def net() -> Iterator[Network]:
    """An empty network of the dummy engine."""
    network = Network("dummy")
    yield network
    network.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for 400 kB; to mount one takes root's rights."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", disk], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)
