"""CLAM's processing types, made from what was read of a running CLAM, for networks without an engine behind them."""

from __future__ import annotations

import re
from typing import Any

from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec

from .material import types

COUNTS = {
    ("AudioSource", "outports"): PortSpec("{}", count="NSources"),
    ("AudioSink", "inports"): PortSpec("{}", count="NSinks"),
    ("AudioBufferSource", "outports"): PortSpec("{}", "AudioBuffer", count="NSources"),
    ("AudioBufferSink", "inports"): PortSpec("{}", "AudioBuffer", count="NSinks"),
    ("ControlPrinter", "incontrols"): PortSpec("In Control", "float", count="NumberOfInputs"),
    ("ControlSource", "outcontrols"): PortSpec("output", "float", count="NrOfControls"),
    ("AudioMixer", "inports"): PortSpec("Input {}", count="NumberOfInPorts", first=0),
    ("AudioMixer", "incontrols"): PortSpec("Gain {}", "float", count="NumberOfInPorts", first=0),
}


def type_specs() -> list[TypeSpec]:
    """One `TypeSpec` a type."""
    return [_type(declared) for declared in types().values()]


def _type(declared: dict[str, Any]) -> TypeSpec:
    def ports(side: str) -> list[PortSpec]:
        counted = COUNTS.get((declared["type"], side))
        return [counted] if counted else [PortSpec(port["name"], _data(port)) for port in declared[side]]

    def controls(side: str) -> list[ControlSpec]:
        counted = COUNTS.get((declared["type"], side))
        return [ControlSpec(counted.name, counted.type, count=counted.count, first=counted.first)] if counted else [
            ControlSpec(control["name"], control["type"].rpartition("::")[2], control.get("initial") or 0.0) for control in declared[side]
        ]  # fmt: skip

    return TypeSpec(
        declared["type"], ports("inports"), ports("outports"), controls("incontrols"), controls("outcontrols"),
        {parameter["name"]: _parameter(parameter) for parameter in declared["config"]}, category=declared["category"],
    )  # fmt: skip


def _data(port: dict[str, Any]) -> str:
    name = port["type"].rpartition("::")[2]
    return {"float": "Audio", "Audio": "AudioBuffer"}.get(name, name)


def _parameter(declared: dict[str, Any]) -> ParameterSpec:
    name, ctype, default = declared["name"], declared["ctype"], declared.get("default")
    optional = not declared["present"]
    if "fields" in declared:
        return ParameterSpec(name, None, "config", fields=tuple(map(_parameter, declared["fields"])))
    if "enum" in declared:
        return ParameterSpec(name, default, "enum", choices=tuple(word for word, _ in declared["enum"]))
    if "BPFTmpl" in ctype:
        points = ParameterSpec("Points", (), "floats")
        return ParameterSpec(name, None, "config", fields=(ParameterSpec("Interpolation", "Linear", "str"), points))
    if "Array" in ctype or "vector" in ctype:
        text = default["xml"] if isinstance(default, dict) else ""
        numbers = re.findall(r"[-+0-9.e]+", re.sub(r"<[^>]*>", " ", text))
        return ParameterSpec(
            name, None if optional else tuple(map(float, numbers)), "ints" if "int" in ctype else "floats", optional=optional
        )
    if "Filename" in ctype:
        return ParameterSpec(name, default or "", "outfile" if "Out" in ctype else "file")
    if "string" in ctype or "Text" in ctype or "DirectoryName" in ctype:
        return ParameterSpec(name, default or "", "str")
    if ctype == "bool":
        return ParameterSpec(name, bool(default), "bool", optional=optional)
    if ctype in ("int", "unsigned int", "unsigned short"):
        return ParameterSpec(name, int(default or 0), "int")
    return ParameterSpec(name, float(default or 0.0), "float")
