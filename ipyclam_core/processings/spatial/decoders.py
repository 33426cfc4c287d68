"""Ambisonics decoders whose weights stand in a file."""

from __future__ import annotations

import math

import numpy as np
from numpy import float64

from ...declare import Array, config, in_port, out_port, processing
from ...system import regular
from ...system.display import brief
from ...system.given import fault_of_path
from .surround import HARMONICS, decode_any

LARGEST = 1 << 20  # bytes of a file
MOST = 1024  # loudspeakers


def read_weights(path):
    """The weights of a file, a row for each loudspeaker; ``ValueError`` for an invalid line."""
    rows = []
    for line in regular.read(path, LARGEST).decode(errors="replace").splitlines():
        words = line.partition("#")[0].replace(",", " ").split()
        if not words:
            continue
        try:
            row = [float(word) for word in words]
        except ValueError:
            row = [math.nan]
        if not math.isfinite(sum(row)):
            raise ValueError(f"{path!r} has a line that does not consist of numbers: {brief(line)}")
        if rows and len(row) != len(rows[0]):
            raise ValueError(f"{path!r} has lines of {len(rows[0])} and of {len(row)} numbers: {brief(line)}")
        rows.append(row)
        if len(rows) > MOST:
            raise ValueError(f"{path!r} has more than {MOST} loudspeakers")
    if not rows:
        raise ValueError(f"{path!r} holds no numbers")
    return np.array(rows)


def fitted(weights, speakers, components):
    """The first rows and columns of weights, and zeros for those that are not there."""
    fit = np.zeros((speakers or len(weights), components))
    part = weights[: len(fit), :components]
    fit[: part.shape[0], : part.shape[1]] = part
    return fit


def speakers_of(path, speakers):
    """The number of outputs: as many as asked for, else one for each line of the file."""
    try:
        return speakers or len(read_weights(path))
    except (OSError, ValueError):
        return 0


def problem_of_weights(path, speakers):
    """Why these weights cannot be used, or ``""``."""
    if not path:
        return "no file is chosen: set DecodingFile"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    try:
        lines = len(read_weights(path))
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {path!r}"
    except (regular.NotRegular, regular.TooLarge, ValueError) as error:
        return str(error)
    except OSError as error:
        return f"{path!r} cannot be read: {error.strerror}"
    if lines < speakers:
        return f"{path!r} has weights for {lines} loudspeakers, not for {speakers}: set NSpeakers to {lines} or less, or to 0 for all"
    return ""


@processing(
    category="[plugin] 3D Audio", source="CLAM Hoa2IrregularSpeakerArray", synonyms=("ambisonics", "decoding matrix", "spatial", "surround")
)
class Hoa2IrregularSpeakerArray:
    """Ambisonics decoder for any loudspeakers, with weights from a text file.

    `DecodingFile` has a line for each loudspeaker, with a number for each component in the order of the inputs. Components that it has no
    number for are not decoded. Text after a ``#`` is a comment.
    """

    Order = config(1, minimum=0, maximum=3)
    NSpeakers = config(0, minimum=0, maximum=MOST, doc="number of outputs, for the first lines of the file; 0 for all")
    DecodingFile = config("", type="file")
    inputs = in_port(count="components", names=HARMONICS)
    outputs = out_port("{:02}", count="speakers")

    class Prepared:
        weights: Array[float64]

    def problem(NSpeakers, DecodingFile):
        return problem_of_weights(DecodingFile, NSpeakers)

    def ports(Order, NSpeakers, DecodingFile):
        return {"components": (Order + 1) ** 2, "speakers": speakers_of(DecodingFile, NSpeakers)}

    def prepare(Order, NSpeakers, DecodingFile):
        return {"weights": fitted(read_weights(DecodingFile), NSpeakers, (Order + 1) ** 2).reshape(-1)}

    def process(state, inputs, outputs):
        decode_any(inputs, outputs, state.weights)
