"""Processings, ``net.osc``: connectors and parameters as attributes and items."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn

from ..errors import NoSuchConnector, NoSuchParameter, NoSuchProcessing, ParameterTypeError, ParameterValueError, ReadOnly
from ..panels import has_range, panel
from ..parameters import ParameterSpec
from ..proxy import CanTell, ConnectorId, ControlSpec, ProcessingState
from ..system import given
from ..system.display import brief
from ..variables import variable_of
from . import arguments, described, names, offered
from .becoming import become
from .configuration import Configuration, live, plain
from .connecting import Side
from .connectors import Connectable, Connector, Connectors, ControlledValue, not_assignable
from .deleting import not_deletable
from .exploring import Call, Choice, Member, Value, structural, takes
from .given_types import Clone, spec_of
from .history import RecordingProxy
from .pages import of_parameters, of_processing, shown_processing
from .placeholder import Placeholder
from .processing_types import Page, ProcessingType

ELSEWHERE = {
    "clear": "To remove its wires: net.osc.disconnect()",
    "config": "Its parameters: net.osc._config",
    "copy": "To copy it: net.copy = net.osc.clone()",
    "delete": "To remove it: del net.osc",
    "latency": "Its ports have one: net.osc._outports[0].latency",
    "parameters": "Its parameters: net.osc._config",
    "params": "Its parameters: net.osc._config",
    "play": "To play the network: net.play()",
    "remove": "To remove it: del net.osc",
    "rename": 'To rename it: net.osc.name = "bass"',
    "stop": "To stop the network: net.stop()",
}
"""What one may look for among the methods of a processing, and what to type for it."""


def _ranged(processing: Processing, call: Call) -> Iterator[Choice]:
    """The in controls that have a range."""
    for spec in processing._state.connectors.incontrols:
        if has_range(spec):
            yield Value(spec.name, partial(described.connector, "Control", "In", spec))


class Processing(Connectable):
    __doc__ = Page(
        """A processing of a network.

        Its parameters and connectors are attributes and items: ``net.osc.Frequency``, ``net.osc["Audio Output"]``.
        Assign to a parameter to configure, assign to an in control to send a value, and connect with ``>``.

        >>> from ipyclam_core import Network
        >>> net = Network()
        >>> net.osc = net.types.SimpleOscillator
        >>> net.out = net.types.AudioSink
        >>> net.osc.Frequency = 220.0
        >>> net.osc > net.out
        net.osc["Audio Output"] > net.out["1"]
        """,
        of_processing,
    )

    __slots__ = ("_name", "_proxy")

    _proxy: RecordingProxy
    _name: str

    def __init__(self, proxy: RecordingProxy, name: str) -> None:
        object.__setattr__(self, "_proxy", proxy)
        object.__setattr__(self, "_name", name)

    @property
    def name(self) -> str:
        """The name. Assign another name to rename the processing."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        self._proxy.rename(self._name, name)
        object.__setattr__(self, "_name", name)

    @property
    @structural
    def type(self) -> ProcessingType:
        """The processing type."""
        return ProcessingType(self._state.spec)

    def become(self, type: Any) -> list[str]:
        """Change the type, as one undo step. The name, the place, and the settings and wires that fit stay.

        Wires fit connectors of the same name, or the connector at the same place that carries the same data. While the network
        plays, the sound of one goes over into that of the other without a click.

        Parameters
        ----------
        type : the new type: ``net.types.Saw``, its name, or a class of your own. A clone brings its settings.

        Returns
        -------
        list of str
            The settings and wires that did not fit, as they were typed.

        >>> from ipyclam_core import Network
        >>> net = Network("clam")
        >>> net.osc, net.out = net.types.SimpleOscillator, net.types.AudioSink
        >>> net.osc > net.out
        net.osc["Audio Output"] > net.out["1"]
        >>> net.osc.become(net.types.Saw)
        []
        >>> net.osc.type
        'Saw'
        """
        if isinstance(type, (Clone, Placeholder)):
            return become(self._proxy, self._state, type.spec, type.config)
        return become(self._proxy, self._state, spec_of(self._proxy, type))

    @takes(controls=_ranged)
    def panel(self, *controls: str) -> Any:
        """Show a panel of sliders in a notebook: one for each in control that has a range. It needs ipywidgets.

        Parameters
        ----------
        *controls : the names of some of them; none for all.
        """
        state = self._state
        for control in controls:
            if not isinstance(control, str):
                raise TypeError(f"panel takes names of controls, such as {self!r}.panel('Gain'), not {brief(control)}")
        wanted = [names.find_connector(state, ("Control", "In"), control, self._proxy).name for control in controls]
        return panel(self._proxy, {self._name: wanted or None})

    def clone(self) -> Clone:
        """A copy with the same configuration. It has no wires. To add it to a network: ``net.two = net.one.clone()``."""
        state = self._state
        return Clone(state.spec, plain(state.config))

    @property
    @structural
    def _config(self) -> Configuration:
        """The configuration. Assign a clone of a configuration, or a mapping, to set all its values as one change."""
        self._state  # noqa: B018  a processing that is gone has none
        return live(self._proxy, self._name)

    @_config.setter
    def _config(self, config: Configuration | Mapping[str, Any]) -> None:
        values = plain(config)
        if not isinstance(values, dict):
            raise TypeError(f"_config takes a configuration or a mapping, not {brief(config)} ({type(config).__name__})")
        owner = self._state
        exact = {names.find_parameter(owner.spec.parameters, name, self._name).name: value for name, value in values.items()}
        self._proxy.configure(self._name, exact)

    @property
    @structural
    def _inports(self) -> Connectors:
        """The in ports."""
        return Connectors(self._proxy, self._name, "Port", "In")

    @property
    @structural
    def _outports(self) -> Connectors:
        """The out ports."""
        return Connectors(self._proxy, self._name, "Port", "Out")

    @property
    @structural
    def _incontrols(self) -> Connectors:
        """The in controls."""
        return Connectors(self._proxy, self._name, "Control", "In")

    @property
    @structural
    def _outcontrols(self) -> Connectors:
        """The out controls."""
        return Connectors(self._proxy, self._name, "Control", "Out")

    @property
    def _facts(self) -> Mapping[str, Any]:
        """More information from the engine. For a JACK client: ``pid``, ``pretty_name``, ``metadata``."""
        inner = self._proxy.inner
        return inner.facts(self._name) if isinstance(inner, CanTell) else {}

    @property
    def _position(self) -> tuple[float, float] | None:
        """The position in a drawing. It is ``(x, y)`` in pixels; None if it is not set."""
        return self._state.position

    @_position.setter
    def _position(self, position: tuple[float, float] | None) -> None:
        self._proxy.place(self._name, _pair(position, "_position"), self._state.size)

    @property
    def _size(self) -> tuple[float, float] | None:
        """The size in a drawing. It is ``(width, height)`` in pixels; None if it is not set."""
        return self._state.size

    @_size.setter
    def _size(self, size: tuple[float, float] | None) -> None:
        self._proxy.place(self._name, self._state.position, _pair(size, "_size"))

    @property
    def __custom_documentations__(self) -> dict[str, str]:
        """The pages of the parameters for IPython's ``net.osc.Frequency?``: their values are plain numbers and texts."""
        return of_parameters(self._state.spec.parameters)

    def __copy__(self) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied without a name. To copy it: {variable_of(self._proxy)}.copy = {self!r}.clone()")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __getitem__(self, which: str | slice) -> Any:
        if isinstance(which, slice):
            self._state  # noqa: B018
            return Connectors(self._proxy, self._name, slices=(given.slice_of_ints(which),))
        if not isinstance(which, str):
            text = repr(self)
            raise TypeError(f"{text}[...] takes a name or a slice, not {brief(which)}. To select by number: {text}._outports[0]")
        found = names.find(self._state, which, self._proxy)
        if isinstance(found, ParameterSpec):
            value = live(self._proxy, self._name)[found.name]
            control = self._state.connectors.find("Control", "In", found.name) if type(value) is float else None
            if control is None:
                return value
            return ControlledValue.of(value, Connector(self._proxy, ConnectorId(self._name, "Control", "In", found.name)))
        return Connector(self._proxy, found)

    def __setitem__(self, which: str, value: Any) -> None:
        if not isinstance(which, str):
            raise TypeError(f"{self!r}[...] = takes a name, not {brief(which)}")
        state = self._state
        try:
            found = names.find_incontrol(state, which, self._proxy)
        except NoSuchConnector:
            if not state.spec.parameters:  # an engine that configures no such processing at all says what to do instead
                with suppress(NoSuchParameter):
                    self._proxy.inner.configure(self._name, {which: plain(value)})
            raise
        if isinstance(found, ParameterSpec):
            try:
                self._proxy.configure(self._name, {found.name: plain(value)})
            except (ParameterTypeError, ParameterValueError) as error:
                error.typed(which)
                raise
        elif (found.kind, found.direction) == ("Control", "In"):
            Connector(self._proxy, found).value = value
        else:
            raise not_assignable(Connector(self._proxy, found))

    def __getattr__(self, name: str) -> Any:
        found = names.ours(self, name)
        if found is not None:
            return found
        try:
            return self[name]
        except NoSuchConnector as error:
            raise error.among(names.reserved("Processing"), ELSEWHERE.get(name, "").replace("net.osc", repr(self))) from None

    def __setattr__(self, name: str, value: Any) -> None:
        ours = getattr(Processing, name, None)
        if isinstance(ours, property) and ours.fset is not None:
            object.__setattr__(self, name, value)
        elif name == "type":
            raise ReadOnly(f"the type of a processing cannot be assigned. To change it: {self!r}.become({brief(value)})")
        elif name.startswith("_") or name in names.reserved("Processing"):
            raise ReadOnly(f"{name!r} of a processing cannot be assigned. For data of that name: {self!r}[{names.quoted(name)}] = ...")
        else:
            self[name] = value

    def __delitem__(self, which: str) -> None:
        if not isinstance(which, str):
            raise TypeError(f"parts of {self!r} cannot be deleted. To remove the wires of its ports: {self!r}.disconnect()")
        raise not_deletable(
            self._state, names.find_incontrol(self._state, which, self._proxy), f"{self!r}{names.access('Processing', which)}"
        )

    def __delattr__(self, name: str) -> None:
        if name.startswith("_") or name in names.reserved("Processing"):
            raise ReadOnly(f"{name!r} of a processing cannot be deleted")
        del self[name]

    def __contains__(self, name: object) -> bool:
        """Whether it has a parameter or a connector called `name`."""
        state = self._state
        sides = (state.connectors.of(*side) for side in names.SCOPES)
        return name in state.config or any(spec.name == name for specs in sides for spec in specs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Processing) and self._proxy is other._proxy and self._name == other._name

    def __hash__(self) -> int:
        return hash((id(self._proxy), self._name))

    def __repr__(self) -> str:
        return f"{variable_of(self._proxy)}{names.access('Network', self._name)}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For IPython: its settings and wires. Inside of a list it is what one types."""
        printer.text(repr(self) if len(printer.stack) > 1 else shown_processing(self))

    def __dir__(self) -> list[str]:
        state = self._proxy.processings().get(self._name)
        words = names.reserved("Processing")
        known = [] if state is None else [text for text in names.connector_attributes(state) if text not in words]
        return [*known, *super().__dir__()]

    # -- exploring

    def _attributes(self) -> Iterator[Member]:
        state = self._proxy.processings().get(self._name)
        return offered.by_attribute([] if state is None else [state], names.reserved("Processing"))

    def _items(self) -> Iterator[Member]:
        return offered.by_name([self._state])

    def _choices(self, name: str) -> Iterator[Choice]:
        state = self._state
        found = names.find_incontrol(state, name)
        if isinstance(found, ParameterSpec):
            return arguments.of_parameter(found, state.config[found.name])
        control = state.connectors.find(found.kind, found.direction, found.name)
        if not isinstance(control, ControlSpec) or found.direction == "Out" or control.type != "float":
            return iter(())
        return arguments.of_number(control, state.controls.get(control.name, control.default))

    def _says(self) -> str:
        return described.processing(self._state)

    # -- inside

    @property
    def _state(self) -> ProcessingState:
        processings = self._proxy.processings()
        try:
            return processings[self._name]
        except KeyError:
            raise NoSuchProcessing(self._name, processings) from None

    def _side(self) -> Side:
        return Side(self._proxy, self._name, self.__repr__)


def _pair(value: object, what: str) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        x, y = map(float, value)  # type: ignore[call-overload]
    except OverflowError:
        x = y = math.inf
    except (TypeError, ValueError):
        raise TypeError(f"{what} takes two numbers, or None, not {brief(value)}") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"{what} takes two finite numbers, not {brief(value)}")
    return x, y
