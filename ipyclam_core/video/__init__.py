"""Video output: `VideoSink` sends raw frames to an encoder; views draw sound with numpy alone; `make` combines them.

>>> import numpy as np
>>> from ipyclam_core.video import VideoSink
>>> with VideoSink((48, 64), "black", rate=25) as sink:
...     for _ in range(25):
...         sink.run(np.zeros((48, 64, 4), np.uint8))
>>> sink.filename
'black.avi'
"""

from .making import make
from .sink import VideoSink

__all__ = ["VideoSink", "make"]
