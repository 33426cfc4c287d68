"""Arbitrary loudspeaker arrays: layouts and triangulations from files, VBAP panning and ambisonics decoding.

A layout is a text file with a loudspeaker in each line: elevation, azimuth (degrees) and name. A triangulation has three
loudspeakers in each line, counted from 0.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from ...system import regular
from ...system.display import brief
from ...system.given import fault_of_path
from ..audio.mixing import add_scaled
from .surround import HARMONICS, SIXTEEN, decode_any, direction, harmonic

FIFTEEN_NAMES = (
    "Back Horizontal", "Base Back Left", "Base Back Right", "Base Front Left", "Base Front Right", "Front Horizontal",
    "Front Left Horizontal", "Front Right Horizontal", "Rear Left Horizontal", "Rear Right Horizontal", "Top Back Left",
    "Top Back Right", "Top Front Right", "Top Front Left", "Top",
)  # fmt: skip
FIFTEEN_TRIANGLES = (
    (5, 7, 12), (5, 7, 4), (5, 6, 3), (5, 6, 13), (5, 12, 13), (5, 3, 4), (0, 8, 10), (0, 8, 1), (0, 9, 11), (0, 9, 2), (0, 11, 10),
    (0, 1, 2), (8, 6, 13), (8, 6, 3), (8, 3, 1), (8, 13, 10), (9, 7, 12), (9, 7, 4), (9, 2, 4), (9, 11, 12), (14, 10, 11), (14, 11, 12),
    (14, 12, 13), (14, 13, 10), (4, 3, 1), (4, 2, 1),
)  # fmt: skip
LARGEST = 1 << 20  # bytes of a layout
MOST = 1024  # loudspeakers
HULL = 100  # loudspeakers of which the convex hull is computed: the work grows with the fourth power of their number
LABELS = "True: outputs are numbered. False or unset: outputs have the names in the layout"
ROUND_THE_AXIS = (0, 1, 1, 0, 0, 1, 1, 2, 2, 0, 1, 1, 2, 2, 3, 3)  # how often each harmonic goes round


def lines_of(path):
    """The words of each line of a text file, except comments."""
    text = regular.read(path, LARGEST).decode(errors="replace")
    return [line.strip().split(None, 2) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def read_layout(path):
    """The positions (azimuth, elevation) and names of loudspeakers; ``ValueError`` for an invalid line."""
    places, names = [], []
    for words in lines_of(path):
        try:
            elevation, azimuth = float(words[0]), float(words[1])
        except (ValueError, IndexError):
            elevation = azimuth = math.nan
        if not math.isfinite(elevation + azimuth):
            raise ValueError(f"{path!r} has a line that does not describe a loudspeaker: {brief(' '.join(words))}")
        places.append((azimuth, elevation))
        names.append(words[2] if len(words) > 2 else f"{len(names) + 1:02}")
        if len(places) > MOST:
            raise ValueError(f"{path!r} has more than {MOST} loudspeakers")
    if not places:
        raise ValueError(f"{path!r} holds no loudspeakers")
    return places, tuple(names)


def read_triangles(path, speakers):
    """The triangles of a file; ``ValueError`` for an invalid line."""
    triangles = []
    for words in lines_of(path):
        try:
            corners = tuple(int(word[:9]) for word in " ".join(words).split()[:3])
        except ValueError:
            corners = ()
        if len(corners) != 3 or not all(0 <= corner < speakers for corner in corners):
            held = brief(" ".join(words))
            raise ValueError(f"{path!r} has a line that does not describe a triangle of {speakers} loudspeakers: {held}")
        triangles.append(corners)
    return triangles


def hull(places):
    """The convex hull of a set of directions: the triangles with all other points on one side."""
    points = np.array([direction(*place) for place in places])
    found = []
    for corners in combinations(range(len(points)), 3):
        a, b, c = points[list(corners)]
        normal = np.cross(b - a, c - a)
        side = (points - a) @ normal
        if np.linalg.norm(normal) > 1e-9 and ((side <= 1e-9).all() or (side >= -1e-9).all()):
            found.append(corners)
    return found


def layout_or_fifteen(path):
    """The loudspeakers of a file, or CLAM's fifteen where none is chosen."""
    return read_layout(path) if path else (list(SIXTEEN), FIFTEEN_NAMES)


def triangulated(layout, triangulation):
    """Three loudspeakers and a matrix for each triangle: gains are the matrix times the direction of the sound."""
    places, _ = layout_or_fifteen(layout)
    chosen = FIFTEEN_TRIANGLES if not layout and not triangulation else ()
    triangles = chosen or (read_triangles(triangulation, len(places)) if triangulation else hull(places))
    kept, matrices = [], []
    for corners in triangles:
        base = np.array([direction(*places[corner]) for corner in corners])
        if abs(np.linalg.det(base)) > 1e-6:
            kept.append(corners)
            matrices.append(np.linalg.inv(base).T)
    return {"triangles": np.array(kept, np.int64).reshape(-1), "matrices": np.array(matrices).reshape(-1)}


def speaker_names(layout, ignore_labels):
    """The names of the outputs: two digits each, or those in the layout."""
    try:
        _, names = layout_or_fifteen(layout)
    except (OSError, ValueError):
        return ()
    return tuple(f"{k + 1:02}" for k in range(len(names))) if ignore_labels else names


def problem_of(layout, triangulation, needed):
    """Why these loudspeakers cannot be used, or ``""``."""
    if needed and not layout:
        return "no loudspeakers are chosen: set SpeakerLayout"
    for path in (layout, triangulation):
        if fault := fault_of_path(path):
            return f"{path!r} is not a file name: {fault}"
    try:
        places, _ = layout_or_fifteen(layout)
        if triangulation:
            read_triangles(triangulation, len(places))
        elif len(places) > HULL and not needed:
            return f"{layout!r} has {len(places)} loudspeakers: set Triangulation, which is needed for more than {HULL}"
    except (FileNotFoundError, NotADirectoryError) as error:
        return f"there is no file {error.filename!r}"
    except (regular.NotRegular, regular.TooLarge, ValueError) as error:
        return str(error)
    except OSError as error:
        return f"{error.filename!r} cannot be read: {error.strerror}"
    return ""


def aim(azimuth, elevation):
    """The unit vector towards an angle in degrees."""
    a, e = math.radians(azimuth), math.radians(min(max(elevation, -90.0), 90.0))
    return math.cos(a) * math.cos(e), math.sin(a) * math.cos(e), math.sin(e)


def corner_gain(state, triangle, k, x, y, z):
    """The gain of a corner of a triangle for a sound from a direction: negative if the sound is beyond the opposite side."""
    row = 9 * triangle + 3 * k
    return state.matrices[row] * x + state.matrices[row + 1] * y + state.matrices[row + 2] * z


def triangle_around(state, x, y, z):
    """The triangle that contains a direction, or comes nearest to it."""
    best, least = 0, -1e9
    for t in range(len(state.triangles) // 3):
        lowest = 1e9
        for k in range(3):
            lowest = min(lowest, corner_gain(state, t, k, x, y, z))
        if lowest > least + 1e-9:
            best, least = t, lowest
    return best


def pan(state, audio, outputs, azimuth, elevation, exponent):
    """VBAP: find the triangle that contains a direction, and play on its corners. Gains are ramped, initially from silence.

    The sum of the gains to the power of `exponent` is 1.
    """
    x, y, z = aim(azimuth, elevation)
    best = triangle_around(state, x, y, z)
    total = 0.0
    for k in range(3):
        gain = abs(corner_gain(state, best, k, x, y, z))
        total += gain * gain if exponent == 2.0 else gain**exponent
    total = max(total, 1e-12)
    scale = 1.0 / (math.sqrt(total) if exponent == 2.0 else total ** (1.0 / exponent))
    for s in range(len(outputs)):
        goal = 0.0
        for k in range(3):
            if state.triangles[3 * best + k] == s:
                goal = abs(corner_gain(state, best, k, x, y, z)) * scale
        add_scaled(outputs[s], audio, state.gains[s], goal, True)
        state.gains[s] = goal


@processing(
    category="[plugin] 3D Audio", source="V. Pulkki: Virtual sound source positioning (1997); CLAM Vbap3D", synonyms=("spatial", "surround")
)
class Vbap3D:
    """3D panner: places a signal between three of many loudspeakers (VBAP).

    Without a layout, CLAM's fifteen loudspeakers are used. Without a triangulation, the triangles are those of the convex hull.
    """

    SpeakerLayout = config("", type="file")
    Triangulation = config("", type="file")
    IgnoreLabels = config(True, optional=True, doc=LABELS)
    audio = in_port("W")
    outputs = out_port("{:02}", count="speakers")
    azimuth = in_control("azimuth", 0.0, 0.0, 360.0, unit="deg")
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg")

    class State:
        gains: Array[float64]

    class Prepared:
        triangles: Array[int64]
        matrices: Array[float64]

    def problem(SpeakerLayout, Triangulation):
        return problem_of(SpeakerLayout, Triangulation, False)

    def ports(SpeakerLayout, IgnoreLabels):
        return {"speakers": speaker_names(SpeakerLayout, IgnoreLabels)}

    def initial(SpeakerLayout):
        return {"gains": np.zeros(max(1, len(speaker_names(SpeakerLayout, True))))}

    def prepare(SpeakerLayout, Triangulation):
        return triangulated(SpeakerLayout, Triangulation)

    def process(state, audio, outputs, azimuth, elevation):
        pan(state, audio, outputs, azimuth, elevation, 2.0)


@processing(
    category="[plugin] 3D Audio",
    source="V. Pulkki: Virtual sound source positioning (1997); CLAM Vbap3DBuffer",
    synonyms=("panner", "vbap", "spatial", "surround"),
)
class Vbap3DBuffer(Vbap3D):
    """`Vbap3D` for buffers."""

    audio = in_port("W", "AudioBuffer")
    outputs = out_port("{:02}", "AudioBuffer", count="speakers")


def in_phase(order, around, in_space):
    """The weight of the harmonics of an order, such that no loudspeaker plays out of phase."""
    top, bottom = math.factorial(order), math.factorial(order + around)
    if in_space:
        return top * math.factorial(order + 1) / (math.factorial(order + around + 1) * math.factorial(order - around))
    return (2.0 if around else 1.0) * top * top / (math.factorial(order - around) * bottom)


def decoding(order, layout, criteria):
    """One row of weights for each loudspeaker."""
    places, _ = read_layout(layout)
    components = (order + 1) ** 2
    rows = [
        [
            2.0 / len(places) * in_phase(order, ROUND_THE_AXIS[k], criteria == "In-phase 3D")
            * harmonic(k, math.radians(azimuth), math.radians(elevation), False)
            for k in range(components)
        ]
        for azimuth, elevation in places
    ]  # fmt: skip
    return {"weights": np.array(rows).reshape(-1)}


@processing(category="[plugin] 3D Audio", source="CLAM Hoa2RegularSpeakerArray", synonyms=("spatial", "surround"))
class Hoa2RegularSpeakerArray:
    """Ambisonics decoder for evenly spaced loudspeakers."""

    Order = config(1, minimum=0, maximum=3)
    SpeakerLayout = config("", type="file")
    IgnoreLabels = config(True, optional=True, doc=LABELS)
    DecodingCriteria = config("In-phase 2D", choices=("In-phase 2D", "In-phase 3D"))
    inputs = in_port(count="components", names=HARMONICS)
    outputs = out_port("{:02}", count="speakers")

    class Prepared:
        weights: Array[float64]

    def problem(SpeakerLayout):
        return problem_of(SpeakerLayout, "", True)

    def ports(Order, SpeakerLayout, IgnoreLabels):
        return {"components": (Order + 1) ** 2, "speakers": speaker_names(SpeakerLayout, IgnoreLabels) if SpeakerLayout else 0}

    def prepare(Order, SpeakerLayout, DecodingCriteria):
        return decoding(Order, SpeakerLayout, DecodingCriteria)

    def process(state, inputs, outputs):
        decode_any(inputs, outputs, state.weights)


@processing(
    category="[plugin] 3D Audio", source="CLAM Hoa2RegularSpeakerArrayBuffer", synonyms=("ambisonics", "decoder", "spatial", "surround")
)
class Hoa2RegularSpeakerArrayBuffer(Hoa2RegularSpeakerArray):
    """`Hoa2RegularSpeakerArray` for buffers."""

    inputs = in_port(type="AudioBuffer", count="components", names=HARMONICS)
    outputs = out_port("{:02}", "AudioBuffer", count="speakers")
