"""Sound around the listener: ambisonics (B-format) and panning between loudspeakers.

Angles are in degrees: azimuth to the left, elevation upwards, as in CLAM.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from ..audio.mixing import add_scaled

CUBE = [(azimuth, elevation) for elevation in (-35.2, 35.2) for azimuth in (45.0, -45.0, 135.0, -135.0)]
SIXTEEN = (
    (180.0, 0.0), (135.0, -45.0), (-135.0, -45.0), (45.0, -45.0), (-45.0, -45.0), (0.0, 0.0), (60.0, 0.0), (-60.0, 0.0),
    (120.0, 0.0), (-120.0, 0.0), (135.0, 45.0), (-135.0, 45.0), (-45.0, 45.0), (45.0, 45.0), (0.0, 89.0),
)  # fmt: skip
HARMONICS = ("W", "X", "Y", "Z", "R", "S", "T", "U", "V", "K", "L", "M", "N", "O", "P", "Q")
LATE = 512  # frames
RING = (-110.0, -30.0, 0.0, 30.0, 110.0)  # the right surround speaker, and so on to the left one


def direction(azimuth, elevation):
    """The unit vector towards an angle."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return math.cos(a) * math.cos(e), math.sin(a) * math.cos(e), math.sin(e)


def decode(omni, front, left, up, outputs, weights):
    """Every output as a sum of the four signals of B-format; `weights` holds four numbers for each."""
    for k in range(len(outputs)):
        output = outputs[k]
        w, x, y, z = weights[4 * k], weights[4 * k + 1], weights[4 * k + 2], weights[4 * k + 3]
        for i in range(len(output)):
            output[i] = float32(w * omni[i] + x * front[i] + y * left[i] + z * up[i])


def decode_any(inputs, outputs, weights):
    """Every output as a sum of any number of signals; `weights` holds as many numbers for each."""
    for k in range(len(outputs)):
        for c in range(len(inputs)):
            weight = weights[len(inputs) * k + c]
            add_scaled(outputs[k], inputs[c], weight, weight, c == 0)


@processing(category="[plugin] 3D Audio", source="CLAM BFormat2Cube", synonyms=("spatial", "surround"))
class BFormat2Cube:
    """Ambisonics (B-format) decoder for eight loudspeakers at the corners of a cube."""

    omni = in_port("W")
    front = in_port("X")
    left = in_port("Y")
    up = in_port("Z")
    outputs = out_port(
        count="speakers",
        names=tuple(f"{height} {end} {side}" for height in ("Base", "Top") for end in ("Front", "Back") for side in ("Left", "Right")),
    )

    class Prepared:
        weights: Array[float64]

    def ports():
        return {"speakers": 8}

    def prepare():
        rows = [(1.0, *(2.0 * part for part in direction(*place))) for place in CUBE]
        return {"weights": np.array(rows).reshape(-1)}

    def process(state, omni, front, left, up, outputs):
        decode(omni, front, left, up, outputs, state.weights)


@processing(category="[plugin] 3D Audio", source="CLAM BFormat2Sixteen", synonyms=("spatial", "surround"))
class BFormat2Sixteen:
    """Ambisonics (B-format) decoder for fifteen loudspeakers around and above."""

    omni = in_port("W")
    front = in_port("X")
    left = in_port("Y")
    up = in_port("Z")
    outputs = out_port(
        count="speakers",
        names=(
            "Back Horizontal", "Base Back Left", "Base Back Right", "Base Front Left", "Base Front Right", "Front Horizontal",
            "Front Left Horizontal", "Front Right Horizontal", "Rear Left Horizontal", "Rear Right Horizontal", "Top Back Left",
            "Top Back Right", "Top Front Right", "Top Front Left", "Top",
        ),
    )  # fmt: skip

    class Prepared:
        weights: Array[float64]

    def ports():
        return {"speakers": 15}

    def prepare():
        return {"weights": np.array([(1.0, *direction(*place)) for place in SIXTEEN]).reshape(-1) / 15.0}

    def process(state, omni, front, left, up, outputs):
        decode(omni, front, left, up, outputs, state.weights)


@processing(category="[plugin] 3D Audio", source="CLAM Surround", synonyms=("5.1", "spatial"))
class Surround:
    """Ambisonics (B-format) decoder for five loudspeakers (5.0), delayed by 512 frames, as in CLAM."""

    omni = in_port("W")
    front = in_port("X")
    left = in_port("Y")
    outputs = out_port(count="speakers", names=("center", "right", "surroundRight", "surroundLeft", "left"))

    class State:
        line: Array[float64]
        place: int64

    class Prepared:
        weights: Array[float64]

    def ports():
        return {"speakers": 5}

    def initial():
        return {"line": np.zeros(3 * LATE)}

    def prepare():
        corner = math.sqrt(0.1)
        signs = ((math.sqrt(2.0), 0.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0))
        return {"weights": np.array([(math.sqrt(0.4), corner * x, corner * y) for x, y in signs]).reshape(-1)}

    def process(state, omni, front, left, outputs, frames):
        for i in range(frames):
            place = 3 * state.place
            for k in range(len(outputs)):
                total = 0.0
                for c in range(3):
                    total += state.weights[3 * k + c] * state.line[place + c]
                outputs[k][i] = float32(total)
            state.line[place], state.line[place + 1], state.line[place + 2] = omni[i], front[i], left[i]
            state.place = (state.place + 1) % LATE


@processing(category="[plugin] 3D Audio", source="CLAM NSurround", synonyms=("ambisonics", "ring", "spatial", "quadraphonic", "octophonic"))
class NSurround:
    """Ambisonics (B-format) decoder for any number of loudspeakers at equal distances on a circle: the first in front, then to the left."""

    NChannels = config(0, minimum=0, maximum=1024, doc="number of loudspeakers")
    omni = in_port("W")
    front = in_port("X")
    left = in_port("Y")
    outputs = out_port(count="speakers", doc="named by its angle to the left, in degrees")

    class Prepared:
        weights: Array[float64]

    def ports(NChannels):
        return {"speakers": tuple(f"{360.0 * k / NChannels:g}" for k in range(NChannels))}

    def prepare(NChannels):
        level = math.sqrt(1.0 / max(NChannels, 1))
        angles = 2.0 * math.pi * np.arange(NChannels) / max(NChannels, 1)
        return {"weights": level * np.stack([np.full(NChannels, math.sqrt(2.0)), np.cos(angles), np.sin(angles)], 1).reshape(-1)}

    def process(state, omni, front, left, outputs, frames):
        for k in range(len(outputs)):
            w, x, y = state.weights[3 * k], state.weights[3 * k + 1], state.weights[3 * k + 2]
            for i in range(frames):
                outputs[k][i] = float32(w * omni[i] + x * front[i] + y * left[i])


@processing(category="[plugin] 3D Audio", source="CLAM BFormatRotation", synonyms=("head tracking", "spatial", "surround"))
class BFormatRotation:
    """Rotates an ambisonics (B-format) sound field by the orientation of the listener's head."""

    front = in_port("X")
    left = in_port("Y")
    up = in_port("Z")
    front_out = out_port("X")
    left_out = out_port("Y")
    up_out = out_port("Z")
    azimuth = in_control("azimuth", 0.0, -360.0, 360.0, unit="deg", smooth=True)
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg", smooth=True)
    roll = in_control("roll", 0.0, -360.0, 360.0, unit="deg", smooth=True)

    class State:
        running: bool

    def process(state, front, left, up, front_out, left_out, up_out, azimuth, elevation, roll, frames):
        rotate(front, left, up, front_out, left_out, up_out, azimuth, elevation, roll, state.running, frames)
        state.running = True


@processing(category="[plugin] 3D Audio", source="CLAM BFormatRotationZoom", synonyms=("head tracking", "spatial", "surround"))
class BFormatRotationZoom:
    """Rotates an ambisonics (B-format) sound field, and emphasises the front (`dominance` above 1)."""

    omni = in_port("W")
    front = in_port("X")
    left = in_port("Y")
    up = in_port("Z")
    omni_out = out_port("W")
    front_out = out_port("X")
    left_out = out_port("Y")
    up_out = out_port("Z")
    azimuth = in_control("azimuth", 0.0, -360.0, 360.0, unit="deg", smooth=True)
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg", smooth=True)
    roll = in_control("roll", 0.0, -360.0, 360.0, unit="deg", smooth=True)
    dominance = in_control("dominance", 1.0, 0.25, 4.0)

    class State:
        running: bool

    def process(
        state, omni, front, left, up, omni_out, front_out, left_out, up_out, azimuth, elevation, roll, dominance, frames
    ):  # fmt: skip
        rotate(front, left, up, front_out, left_out, up_out, azimuth, elevation, roll, state.running, frames)
        state.running = True
        power = max(dominance, 1e-3)
        same, other = 0.5 * (power + 1.0 / power), power - 1.0 / power
        for i in range(frames):
            turned = front_out[i]
            omni_out[i] = float32(same * omni[i] + other / math.sqrt(8.0) * turned)
            front_out[i] = float32(same * turned + other / math.sqrt(2.0) * omni[i])


def rotate(front, left, up, front_out, left_out, up_out, azimuth, elevation, roll, running, frames):
    """Rotate X, Y and Z. Changes of the angles are ramped over the block."""
    for i in range(frames):
        part = (i + 1.0) / frames if running else 1.0
        if i == 0 or (azimuth[0] != azimuth[1] or elevation[0] != elevation[1] or roll[0] != roll[1]):
            a = math.radians(azimuth[0] + (azimuth[1] - azimuth[0]) * part)
            e = math.radians(min(max(elevation[0] + (elevation[1] - elevation[0]) * part, -90.0), 90.0))
            r = math.radians(roll[0] + (roll[1] - roll[0]) * part)
            ca, sa, ce, se, cr, sr = math.cos(a), math.sin(a), math.cos(e), math.sin(e), math.cos(r), math.sin(r)
        x, y, z = float(front[i]), float(left[i]), float(up[i])
        front_out[i] = float32(x * ca * ce + y * sa * ce + z * se)
        left_out[i] = float32(x * (-sa * cr - ca * se * sr) + y * (ca * cr - sa * se * sr) + z * ce * sr)
        up_out[i] = float32(x * (-ca * se * cr + sa * sr) + y * (-sa * se * cr - ca * sr) + z * ce * cr)


def harmonic(k, azimuth, elevation, furse_malham):
    """The spherical harmonic number `k` (W X Y Z R S T ...) in a direction, with Schmidt (SN3D) or Furse-Malham normalisation."""
    ca, sa = math.cos(azimuth), math.sin(azimuth)
    ce, se = math.cos(elevation), math.sin(elevation)
    if k == 0:
        return 0.707 if furse_malham else 1.0
    if k < 4:
        return ca * ce if k == 1 else (sa * ce if k == 2 else se)
    if k == 4:
        return 1.5 * se * se - 0.5
    if k < 9:
        weight = 1.0 if furse_malham else math.sqrt(3.0) / 2.0
        if k < 7:
            return weight * (ca if k == 5 else sa) * 2.0 * se * ce
        return weight * (math.cos(2.0 * azimuth) if k == 7 else math.sin(2.0 * azimuth)) * ce * ce
    if k == 9:
        return se * (5.0 * se * se - 3.0) / 2.0
    if k < 12:
        weight = math.sqrt(135.0 / 256.0) if furse_malham else math.sqrt(3.0 / 8.0)
        return weight * (ca if k == 10 else sa) * ce * (5.0 * se * se - 1.0)
    if k < 14:
        weight = math.sqrt(27.0 / 4.0) if furse_malham else math.sqrt(15.0) / 2.0
        return weight * (math.cos(2.0 * azimuth) if k == 12 else math.sin(2.0 * azimuth)) * se * ce * ce
    weight = 1.0 if furse_malham else math.sqrt(5.0 / 8.0)
    return weight * (math.cos(3.0 * azimuth) if k == 14 else math.sin(3.0 * azimuth)) * ce**3


def encode(state, audio, outputs, azimuth, elevation, furse_malham):
    """Encode a signal as the components of a sound field. Gain changes are ramped over the block."""
    for k in range(len(outputs)):
        goal = harmonic(k, math.radians(azimuth), math.radians(elevation), furse_malham)
        add_scaled(outputs[k], audio, state.gains[k] if state.running else goal, goal, True)
        state.gains[k] = goal
    state.running = True


@processing(category="[plugin] 3D Audio", source="CLAM HoaEncoder", synonyms=("panner", "spatial", "surround", "b-format"))
class HoaEncoder:
    """Ambisonics encoder: places a signal in a sound field."""

    Order = config(1, minimum=0, maximum=3)
    UseFuMa = config(True, doc="use Furse-Malham weights for the components")
    audio = in_port("Input")
    outputs = out_port(count="components", names=HARMONICS)
    azimuth = in_control("azimuth", 0.0, -360.0, 360.0, unit="deg")
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg")

    class State:
        gains: Array[float64]
        running: bool

    def ports(Order):
        return {"components": (Order + 1) ** 2}

    def initial():
        return {"gains": np.zeros(len(HARMONICS))}

    def process(state, audio, outputs, azimuth, elevation, UseFuMa):
        encode(state, audio, outputs, azimuth, elevation, UseFuMa)


@processing(
    category="[plugin] 3D Audio", source="CLAM HoaEncoderBuffer", synonyms=("panner", "ambisonics", "spatial", "surround", "b-format")
)
class HoaEncoderBuffer(HoaEncoder):
    """`HoaEncoder` for buffers."""

    audio = in_port("Input", "AudioBuffer")
    outputs = out_port(type="AudioBuffer", count="components", names=HARMONICS)


@processing(
    category="[plugin] 3D Audio",
    source="V. Pulkki: Virtual sound source positioning (1997); CLAM VectorBasedArrayPanning",
    synonyms=("surround", "spatial", "5.1"),
)
class VectorBasedArrayPanning:
    """Pans a signal between two of five loudspeakers (VBAP), at 0, 30, -30, 110 and -110 degrees."""

    audio = in_port("W")
    outputs = out_port(count="speakers", names=("center", "left", "right", "surroundLeft", "surroundRight"))
    angle = in_control("beta", 0.0, -360.0, 360.0, unit="deg")

    class State:
        gains: Array[float64]
        running: bool

    class Prepared:
        ring: Array[float64]

    def ports():
        return {"speakers": 5}

    def initial():
        return {"gains": np.zeros(5)}

    def prepare():
        return {"ring": np.array(RING)}

    def process(state, audio, outputs, angle):
        beta = (angle + 180.0) % 360.0 - 180.0
        above = 0
        while above < 5 and state.ring[above] <= beta:
            above += 1
        above %= 5
        below = (above + 4) % 5
        near = math.sin(math.radians(beta - state.ring[below]))
        far = math.sin(math.radians(state.ring[above] - beta))
        for k in range(5):
            # the ports begin in the middle, the ring at the right
            place = 2 if k == 0 else (3 if k == 1 else (1 if k == 2 else (4 if k == 3 else 0)))
            goal = 0.0
            if place == below:
                goal = far / (near * near + far * far)
            elif place == above:
                goal = near / (near * near + far * far)
            add_scaled(outputs[k], audio, state.gains[k] if state.running else goal, goal, True)
            state.gains[k] = goal
        state.running = True
