"""Positions as controls: distances, angles, coordinates. Angles are in degrees, azimuth to the left."""

from __future__ import annotations

import math

from ...declare import config, in_control, out_control, processing


@processing(category="[plugin] 3D Audio", source="CLAM GainBecauseOfDistance", synonyms=("attenuation", "spatial", "volume"))
class GainBecauseOfDistance:
    """Gain by distance: 1 divided by a power of the distance. Silent beyond the threshold, unless the threshold is 0."""

    DistanceExponent = config(1.0)
    MinimumDistance = config(1.0, minimum=0.0, unit="m", doc="nearer sources have the gain at this distance")
    DistanceThreshold = config(0.0, minimum=0.0, unit="m", doc="sources beyond this are silent; 0 for no limit")
    distance = in_control("input distance", unit="m")
    exponent = in_control("inverse exponent to calculate gain", 1.0, from_config="DistanceExponent")
    nearest = in_control("minimum distance", 1.0, from_config="MinimumDistance", unit="m")
    threshold = in_control("distance threshold (maximum distance of hearing sound)", from_config="DistanceThreshold", unit="m")
    gain = out_control("calculated output gain")

    def receive(distance, exponent, nearest, threshold, gain):
        away = max(distance, nearest if nearest > 0.0 else 0.0001)
        power = min(-exponent * math.log(away), 80.0)  # a gain that float32 can hold
        gain.send(math.exp(power) if threshold == 0.0 or away <= threshold else 0.0)


@processing(category="[plugin] Time Domain Effects", source="CLAM AngleBecauseOfDistance", synonyms=("spatial",))
class AngleBecauseOfDistance:
    """Angular width of a source of a given size at a distance, in degrees."""

    SourceSize = config(1.0, minimum=0.0, unit="m")
    SourceDistance = config(1.0, minimum=0.0, unit="m")
    size = in_control("source Size in mts", 1.0, 0.00100000005, 100.0, from_config="SourceSize", unit="m")
    distance = in_control("source Distance in mts", 1.0, 0.0, 50.0, from_config="SourceDistance", unit="m")
    thickness = out_control("source thickness", unit="deg")

    def receive(size, distance, thickness):
        thickness.send(2.0 * math.degrees(math.atan2(0.5 * size, max(distance, 0.0))))


@processing(category="Controls", source="CLAM Spherical2CartesianControl", synonyms=("polar", "xyz", "spatial"))
class Spherical2CartesianControl:
    """Converts spherical to Cartesian coordinates: x to the front, y to the left, z upwards."""

    azimuth = in_control("azimuth", 0.0, -180.0, 180.0, unit="deg")
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg")
    distance = in_control("module", 1.0)
    x = out_control("x")
    y = out_control("y")
    z = out_control("z")

    def receive(azimuth, elevation, distance, x, y, z):
        a, e = math.radians(azimuth), math.radians(elevation)
        x.send(distance * math.cos(e) * math.cos(a))
        y.send(distance * math.cos(e) * math.sin(a))
        z.send(distance * math.sin(e))


@processing(category="Controls", source="CLAM Cartesian2SphericalControl", synonyms=("polar", "xyz", "spatial"))
class Cartesian2SphericalControl:
    """Converts Cartesian to spherical coordinates: azimuth, elevation and distance."""

    x = in_control("x", 0.0, -1.0, 1.0)
    y = in_control("y", 0.0, -1.0, 1.0)
    z = in_control("z", 0.0, -1.0, 1.0)
    azimuth = out_control("azimuth", unit="deg")
    elevation = out_control("elevation", unit="deg")
    distance = out_control("module")

    def receive(x, y, z, azimuth, elevation, distance):
        azimuth.send(math.degrees(math.atan2(y, x)))
        elevation.send(math.degrees(math.atan2(z, math.hypot(x, y))))
        distance.send(math.sqrt(x * x + y * y + z * z))


def turned(x, y, z, azimuth, elevation, roll):
    """How far a place is in front, on the left and above, for a listener who is turned by these angles, in degrees."""
    a, e, r = math.radians(azimuth), math.radians(elevation), math.radians(roll)
    ca, sa, ce, se, cr, sr = math.cos(a), math.sin(a), math.cos(e), math.sin(e), math.cos(r), math.sin(r)
    front = x * ca * ce + y * sa * ce + z * se
    left = x * (-sa * cr - ca * se * sr) + y * (ca * cr - sa * se * sr) + z * ce * sr
    up = x * (-ca * se * cr + sa * sr) + y * (-sa * se * cr - ca * sr) + z * ce * cr
    return front, left, up


@processing(category="[plugin] 3D Audio", source="CLAM AbsoluteCoordinates2RelativeAngles", synonyms=("spatial", "tracking"))
class AbsoluteCoordinates2RelativeAngles:
    """Direction and distance of a source relative to a listener, from the position and orientation of the listener."""

    listener_x = in_control("listener X", unit="m")
    listener_y = in_control("listener Y", unit="m")
    listener_z = in_control("listener Z", unit="m")
    listener_azimuth = in_control("listener azimuth", unit="deg")
    listener_elevation = in_control("listener elevation", unit="deg")
    listener_roll = in_control("listener roll", unit="deg")
    source_x = in_control("source X", 1.0, unit="m")
    source_y = in_control("source Y", unit="m")
    source_z = in_control("source Z", unit="m")
    azimuth = out_control("relative azimuth", unit="deg")
    elevation = out_control("relative elevation", unit="deg")
    distance = out_control("distance", unit="m")

    def receive(
        listener_x, listener_y, listener_z, listener_azimuth, listener_elevation, listener_roll, source_x, source_y, source_z,
        azimuth, elevation, distance,
    ):  # fmt: skip
        x, y, z = source_x - listener_x, source_y - listener_y, source_z - listener_z
        front, left, up = turned(x, y, z, listener_azimuth, listener_elevation, listener_roll)
        azimuth.send(math.degrees(math.atan2(left, front)))
        elevation.send(math.degrees(math.atan2(up, math.hypot(front, left))))
        distance.send(math.sqrt(x * x + y * y + z * z))
