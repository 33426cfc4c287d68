"""The work to load a file grows no faster than the file, and a megabyte never costs more than 200 MB."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hostile_files import ALL

from ipyclam_core import Network, errors

SMALL = 24_000
MEGABYTE = 1 << 20

MEASURE = """
import resource, sys, warnings
from ipyclam_core import Network
warnings.simplefilter("ignore")
net = Network("clam")
len(net.types["Saw"].config)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    net.load(sys.argv[1])
except ValueError as error:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def calls_to_load(path: Path) -> int:
    """The functions that are called, of Python or C, to load a file: the same number each time."""
    made = 0

    def called(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    net = Network("clam")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sys.setprofile(called)
        try:
            net.load(path)
        except errors.FormatError:
            pass
        finally:
            sys.setprofile(None)
    net.close()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_work_grows_no_faster_than_the_file(name: str, tmp_path: Path) -> None:
    made = []
    for k, size in enumerate((SMALL, SMALL, 2 * SMALL, 4 * SMALL)):  # the first of all imports, and fills caches
        path = tmp_path / f"{k}{Path(name).suffix}"
        path.write_text(ALL[name](size))
        made.append(calls_to_load(path))
    _, once, twice, four_times = made
    assert four_times - twice <= 2.5 * (twice - once) + 20_000


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_a_megabyte_costs_at_most_200_megabytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{Path(name).suffix}"
    path.write_text(ALL[name](MEGABYTE))
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, timeout=300, check=True)
    assert int(done.stdout) <= 200
