"""Numbers without a meaning of their own, and stretches of time that have one."""

from __future__ import annotations

from ..declare.frames import frame, number, row, used


@frame("FloatVector", size=0)
class FloatVector:
    """Numbers in a row, such as the strengths of the twelve notes."""

    values = row("size", plot="stems")


@frame("FloatPair")
class FloatPair:
    """Two numbers, such as a deviation and how sure it is."""

    first = number()
    second = number()


@frame("FloatPairs", pairs=0)
class FloatPairs:
    """Pairs of numbers, such as places and heights: the first `count` items of the rows are in use."""

    count = used("pairs")
    first = row("pairs", plot="none")
    second = row("pairs", plot="stems")


@frame("DiscontinuousSegmentation", segments=0)
class Segmentation:
    """Segments of time, the latest one last: the first `count` items of the rows are in use."""

    count = used("segments")
    begin = row("segments", unit="s", plot="none")
    end = row("segments", unit="s", plot="none")
    label = row("segments", plot="stems", doc="the number of what the segment holds, such as a chord")
