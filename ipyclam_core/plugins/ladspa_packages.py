"""Which packages of Debian have the LADSPA plugins of some unique numbers, for those that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_NUMBERS: Final[dict[str, Sequence[tuple[int, int]]]] = {
    "amb-plugins": ((1957, 1958), (1961, 1968), (1973, 1980)),
    "blepvco": ((2184, 2186),),
    "blop": ((1641, 1680), (2021, 2038)),
    "bs2b-ladspa": ((4221, 4221),),
    "caps": ((1761, 1796), (2581, 2609)),
    "cmt": ((1051, 1099), (1123, 1123), (1221, 1227), (1841, 1849)),
    "fil-plugins": ((1970, 1970),),
    "invada-studio-plugins-ladspa": ((3301, 3312),),
    "ladspa-sdk": ((1041, 1050),),
    "mcp-plugins": ((1941, 1948), (1951, 1951), (1960, 1960)),
    "omins": ((2661, 2670), (2741, 2744), (4200, 4211), (4300, 4310), (4400, 4441)),
    "rev-plugins": ((3701, 3702),),
    "rubberband-ladspa": ((2979, 2979), (9792, 9792), (29790, 29790), (97920, 97920)),
    "ste-plugins": ((1955, 1956),),
    "swh-plugins": ((1181, 1220), (1337, 1337), (1401, 1440), (1605, 1605), (1881, 1917)),
    "tap-plugins": ((2141, 2159),),
    "vco-plugins": ((1952, 1954),),
    "vlevel": ((1981, 1982),),
    "wah-plugins": ((1949, 1949),),
}
"""By package the first and the last number of each row of numbers; both are in it."""


def package_with(number: int) -> str:
    """The package that has the plugin of a unique number; ``""`` if none is known."""
    return next((package for package, rows in _NUMBERS.items() if any(first <= number <= last for first, last in rows)), "")
