"""What the tests of processing types share: the catalog, and files to play and to place sounds with."""

from __future__ import annotations

import numpy as np
import pytest
from clam.material import RECORDINGS, recording, recording_path

from ipyclam_core.declare.declaration import Declaration, catalog
from ipyclam_core.engines.clam import load_types

load_types()
OURS: dict[str, Declaration] = {name: type_ for name, type_ in catalog.items() if type_.owner.startswith("ipyclam_core.processings.")}
COMPUTED: dict[str, Declaration] = {name: type_ for name, type_ in OURS.items() if type_.form != "device" and not type_.framed}
"""The types that compute blocks."""
FRAMED: dict[str, Declaration] = {name: type_ for name, type_ in OURS.items() if type_.framed}
"""The types that are called for each frame."""

LAYOUT = """\
# an octahedron: elevation, azimuth, name
0 0 front
0 90 left
0 180 back
0 -90 right
90 0 top
-90 0 bottom
"""

TRIANGULATION = "".join(f"{side} {(side + 1) % 4} {end}\n" for side in range(4) for end in (4, 5))

DECODING = """\
# the octahedron: W X Y Z
0.2 0.5 0 0
0.2 0 0.5 0
0.2 -0.5 0 0
0.2 0 -0.5 0
0.2 0 0 0.5
0.2, 0, 0, -0.5
"""
NUMBERS = "# a choreography of two frames\n1 50 90 0 0 0 0 1.7 1 2 3\n2 50 80 5 10 0 1 1.7 2 2 3\n"


@pytest.fixture(scope="session")
def voice() -> str:
    """The path of a mono file of two seconds at 44100 Hz."""
    return str(recording_path("voice220"))


@pytest.fixture(scope="session")
def recordings() -> list[np.ndarray]:
    """Mono signals of two seconds at 44100 Hz."""
    return [recording(name) for name in RECORDINGS]


@pytest.fixture(scope="session")
def files(voice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What parameters that are files are given, by name: six loudspeakers, numbers; for others, under ``""``, a sound."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "six.layout").write_text(LAYOUT)
    (folder / "six.triangulation").write_text(TRIANGULATION)
    (folder / "six.decoding").write_text(DECODING)
    (folder / "numbers.txt").write_text(NUMBERS)
    return {
        "": voice, "SpeakerLayout": str(folder / "six.layout"), "Triangulation": str(folder / "six.triangulation"),
        "DecodingFile": str(folder / "six.decoding"), **dict.fromkeys(("TraceFile", "Filename"), str(folder / "numbers.txt")),
    }  # fmt: skip
