"""LADSPA plugins that are never run, since they write where they may not or end the program: seen with valgrind, in swh-plugins 0.4.17."""

from __future__ import annotations

from typing import Final

_OTHERS_MEMORY: Final = "it writes outside of its own memory, which may end ipyclam at any time"

FAULTS: Final = {
    "ladspa_hermesFilter_1200": _OTHERS_MEMORY,
    "ladspa_imp_1199": "all its instances write to the memory of the newest one, even when that is gone, which may end ipyclam at any time",
    "ladspa_revdelay_1605": "it divides by zero when its delay is 0, which ends ipyclam",
    "ladspa_sifter_1210": _OTHERS_MEMORY,
}
"""Why each of them is not run."""
