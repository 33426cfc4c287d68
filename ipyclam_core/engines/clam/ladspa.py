"""LADSPA plugins as processing types: ``ladspa_<label>_<id>``, as CLAM calls them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from ...declare.declaration import Listed
from ...plugins import ladspa
from ...plugins.description import Control
from ...plugins.ladspa_packages import package_with
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
    """Why a plugin is not there, and what to do about it; ``""`` where nothing is known, or for names that cannot be a plugin's."""
    label, _, number = name.removeprefix(PREFIX).rpartition("_")
    if not (name.startswith(PREFIX) and label and number.isdecimal() and number.isascii()):
        return ""
    if any(found.number == int(number) for found in _found.plugins.values()):
        return ""  # its label is written wrongly
    package = package_with(int(number[:9]))
    remedy = f"Debian: apt install {package}, and start again" if package else f"ipyclam looks in {', '.join(ladspa.folders())}"
    broken = [f"{path} cannot be used: {why}" for path, why in _found.broken.items()]
    return "; ".join([f"this LADSPA plugin is not installed ({remedy})", *broken[:3]])
