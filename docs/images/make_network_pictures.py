"""Make the pictures of the demo network: ``python docs/images/make_network_pictures.py``.

`wobble.svg` is the network as Jupyter shows it. `views.png` is a frame of a video of it.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from ipyclam_core import Network
from ipyclam_core.video import make

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "wobble.py"
SECONDS = 6
VIEWS = ("oscilloscope", "spectrogram", "spectrum", "peaks")


def main() -> None:
    net = Network("clam")
    net.load(EXAMPLE)
    net.draw(HERE / "wobble.svg")
    with tempfile.TemporaryDirectory() as folder:
        film = make(Path(folder) / "wobble.mkv", net.chord, SECONDS, view=VIEWS, size=(480, 854), quality=10)
        last = ["-sseof", "-0.1", "-i", film.filename, "-frames:v", "1"]
        subprocess.run(["ffmpeg", "-v", "error", "-y", *last, HERE / "views.png"], check=True)
    net.close()


if __name__ == "__main__":
    main()
