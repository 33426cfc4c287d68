"""A processing type that is called for each frame, run as plain Python: one call at a time, for tests and debuggers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..declare.declaration import Declared, Length
from ..declare.frames import FrameSpec
from .plain import NOTHING, PlainProcessing


class PlainFrame:
    """A frame: an array, a number or a `Table` by the name of each field.

    Parameters
    ----------
    spec : its data type.
    lengths : the lengths of its rows, by name; those of an unconnected port where they are not given.
    values : fields to set.
    """

    spec: FrameSpec
    lengths: dict[str, int]

    def __init__(self, spec: FrameSpec, lengths: Mapping[str, int] | None = None, **values: Any) -> None:
        object.__setattr__(self, "spec", spec)
        object.__setattr__(self, "lengths", {**spec.lengths, **(lengths or {})})
        for field in spec.fields:
            empty: Any = NOTHING if field.axes else field.default
            if field.length:
                empty = np.zeros(field.shape(self.lengths), np.float32)
            object.__setattr__(self, field.name, empty)
        for name, value in values.items():
            known = spec.field(name)
            if known is not None and known.length:
                getattr(self, name)[:] = value
            else:
                setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        field = self.spec.field(name)
        if field is None or field.length:
            raise AttributeError(f"{name} of a {self.spec.name} cannot be set" + (f". Fill it: {name}[:] = ..." if field else ""))
        object.__setattr__(self, name, value if field.axes else float(value))

    def copy(self) -> PlainFrame:
        """Another frame of the same content."""
        return PlainFrame(self.spec, self.lengths, **{field.name: getattr(self, field.name) for field in self.spec.fields})

    def __repr__(self) -> str:
        return f"<{self.spec.name} {self.lengths}>"


class PlainFramed(PlainProcessing):
    """One processing; ``call(audio=samples, spectrum=frame)`` is one call of its function, and returns what it puts out."""

    def call(self, **given: Any) -> dict[str, Any]:
        """One call.

        Parameters
        ----------
        given : for each in port, by its attribute, a float32 array or a `PlainFrame`; a list where it is declared with `count`.
            Ports that are left out are silent.

        Returns
        -------
        The same for each out port: a float32 array of the samples that leave, or a frame.
        """
        regions = self.__dict__.setdefault("_regions", {})
        self.ports = {}
        for item in self.type.items_of("inports"):
            value = given.get(item.attribute)
            several = value if item.many else [value]
            empty = [None] * self.count(item)
            self.ports[item.attribute] = [self._silent(item) if one is None else one for one in several or empty]
        for item in self.type.items_of("outports"):
            if item.frame is None:
                region = regions.setdefault(item.attribute, np.zeros(self.number(item.size), np.float32))
                self.ports[item.attribute] = [region]
            else:
                self.ports[item.attribute] = [self._begun(item, k) for k in range(self.count(item))]
        self._compute([])
        self.fresh = False
        for attribute in self.controls:
            self.reached[attribute] = list(self.controls[attribute])
            self.arrived[attribute] = 0
        outs: dict[str, Any] = {}
        for item in self.type.items_of("outports"):
            made = self.ports[item.attribute]
            if item.frame is None:
                outs[item.attribute] = self._leave(regions[item.attribute], self.number(item.hop))
            else:
                outs[item.attribute] = list(made) if item.many else made[0]
        return outs

    def number(self, said: Length) -> int:
        """A size or a length: a number, the name of a parameter, or of a number that ``ports`` returns."""
        if isinstance(said, int):
            return said
        port, _, length = said.partition(".")
        if length:
            return int(self.ports[port][0].lengths[length])
        attributes = {item.attribute: self.config[item.spec.name] for item in self.type.items_of("config")}
        return int({**self.config, **attributes, **self._counts}[said])

    def _silent(self, item: Declared) -> Any:
        return np.zeros(self.number(item.size), np.float32) if item.frame is None else PlainFrame(item.frame)

    def _begun(self, item: Declared, k: int) -> PlainFrame:
        """The frame that an out port begins a call with."""
        assert item.frame is not None
        if item.copies:
            return self.ports[item.copies][k].copy()  # type: ignore[no-any-return]
        return PlainFrame(item.frame, {name: self.number(said) for name, said in item.lengths})

    @staticmethod
    def _leave(region: Any, hop: int) -> Any:
        leaving = region[:hop].copy()
        rest = region[hop:].copy()
        region[:] = 0.0
        region[: len(rest)] = rest
        return leaving
