"""LADSPA plugins as processing types: ``ladspa_<label>_<id>``, as CLAM calls them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from ...declare.declaration import Listed
from ...plugins import ladspa
from ...plugins.description import Control
from ...proxy import ControlSpec, PortSpec, TypeSpec

if TYPE_CHECKING:
    from ...declare.declaration import Declaration

PREFIX: Final = "ladspa_"
CATEGORY: Final = "LADSPA"

_found = ladspa.Index({}, {})


def listed() -> Iterator[Listed]:
    """The plugins of this machine, looked for now."""
    global _found
    _found = ladspa.index()
    for found in _found.plugins.values():
        spec = spec_of(found)
        yield Listed(spec, found.path, "", has_problems=True, declare=partial(_declared, found, spec))


def _declared(found: ladspa.Found, spec: TypeSpec) -> Declaration:
    from .hosting import declaration_of  # which needs numpy, as listing does not

    return declaration_of(found, spec)


def spec_of(found: ladspa.Found) -> TypeSpec:
    """A plugin as a processing type: its audio ports are ports, its control ports are controls."""
    plugin = found.plugin
    sides = {side: [PortSpec(port.name) for port in plugin.ports if port.direction == side] for side in ("In", "Out")}
    controls = {side: [_control(control) for control in plugin.controls if control.direction == side] for side in ("In", "Out")}
    maker = f" by {plugin.author}" if plugin.author else ""
    return TypeSpec(
        found.name, sides["In"], sides["Out"], controls["In"], controls["Out"],
        doc=f"{plugin.title}: a LADSPA plugin{maker}.\n\n{plugin.doc} Library: {found.path}.", category=CATEGORY,
    )  # fmt: skip


def _control(control: Control) -> ControlSpec:
    return ControlSpec(control.name, "float", control.default, control.minimum, control.maximum, control.unit, control.doc)


def why_missing(name: str) -> str:
    """Why a plugin is not there, and what to do about it; ``""`` for names that cannot be a plugin's."""
    if not name.startswith(PREFIX):
        return ""
    for path, why in _found.broken.items():
        if os.path.basename(path).removesuffix(".so").partition("_")[0] in name:
            return f"{path} cannot be used: {why}"
    number = name.rpartition("_")[2]
    packages = [package for package, numbers in PACKAGES.items() if number.isdigit() and any(int(number) in each for each in numbers)]
    told = f"Debian: apt install {' or '.join(packages)}" if packages else f"it was looked for in {', '.join(ladspa.folders())}"
    return f"the LADSPA plugin is not installed ({told})"


PACKAGES: Final[dict[str, tuple[range, ...]]] = {
    "ladspa-sdk": (range(1041, 1051),),
    "swh-plugins": (range(1181, 1221), range(1337, 1338), range(1401, 1441), range(1605, 1606), range(1881, 1917)),
}
"""The Debian packages that have plugins of some numbers."""
