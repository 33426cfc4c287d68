"""What is promised about numba: only versions that were tried are installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def test_numba_has_an_upper_bound() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    (numba,) = [each for each in project["dependencies"] if re.match(r"numba\b", each)]
    assert re.fullmatch(r"numba>=0\.\d+,<0\.\d+", numba)
