"""The description of a plugin before it runs: the same for every kind of plugin and every engine that hosts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..parameters import ParameterSpec, Value
from ..proxy import ControlSpec, Direction

Signal = Literal["audio", "CV", "MIDI"]


@dataclass(frozen=True, slots=True)
class Port:
    """A port: its `name` is unique in the plugin, its `title` is displayed."""

    name: str
    direction: Direction
    signal: Signal
    title: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A control input or output of a plugin.

    Attributes
    ----------
    name, title : unique in the plugin; as people read it.
    type : what its numbers mean to people; an ``"enum"`` has no other values than its `points`.
    default, minimum, maximum : of the number. The default is in the range; None where the plugin gives no bound.
    points : numbers that have a name; no two have the same.
    """

    name: str
    direction: Direction
    type: Literal["float", "int", "bool", "enum"] = "float"
    default: float = 0.0
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    points: tuple[tuple[float, str], ...] = ()
    title: str = ""
    doc: str = ""

    @property
    def spec(self) -> ControlSpec:
        """The control of a processing."""
        return ControlSpec(self.name, "float", self.default, self.minimum, self.maximum, self.unit, self.title)

    @property
    def parameter(self) -> ParameterSpec:
        """The parameter of a processing."""
        doc, initial = ". ".join(filter(None, (self.title, self.doc))), self.value(self.default)
        if self.type == "bool":
            return ParameterSpec(self.name, initial, "bool", doc=doc)
        if self.type == "enum":
            return ParameterSpec(self.name, initial, "enum", choices=tuple(label for _, label in self.points), doc=doc)
        if self.points:
            doc += f" ({', '.join(f'{number:g} is {label}' for number, label in self.points)})"
        return ParameterSpec(self.name, initial, self.type, self.minimum, self.maximum, unit=self.unit, doc=doc)

    def number(self, value: Value) -> float:
        """The plugin's number for a value of the parameter."""
        return next(number for number, label in self.points if label == value) if isinstance(value, str) else float(value)

    def value(self, number: float) -> Value:
        """The value of the parameter nearest to a number of the plugin."""
        if self.type == "enum":
            return min(self.points, key=lambda point: abs(point[0] - number))[1]
        if self.type == "bool":
            return number > 0
        if self.minimum is not None and self.maximum is not None:
            number = min(max(number, self.minimum), self.maximum)
        return round(number) if self.type == "int" else number


@dataclass(frozen=True)
class Plugin:
    """A plugin.

    Attributes
    ----------
    name, title : the name by which this machine finds it, which files hold (a URI, for LV2); what its author calls it.
    presets : how each is found, by its label.
    """

    name: str
    title: str
    author: str = ""
    category: str = ""
    doc: str = ""
    ports: tuple[Port, ...] = ()
    controls: tuple[Control, ...] = ()
    presets: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> Mapping[str, Control]:
        """The control inputs, by name."""
        return {control.name: control for control in self.controls if control.direction == "In"}

    @property
    def about(self) -> str:
        """Title, author and description, in sentences."""
        author = f", by {self.author}" if self.author else ""
        return f"{self.title}{author}. {self.doc}".rstrip(". ") + "."
