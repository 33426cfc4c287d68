"""A network at one moment, to look at only: the real handles over it can be followed, and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, cast

from ..errors import NotSupported
from ..proxy import CanPlay, ConnectorId, NetworkInfo, NetworkProxy, ProcessingState, TypeSpec, Wire
from .exploring import Explorable, network_of, over
from .history import RecordingProxy

_Handle = TypeVar("_Handle", bound=Explorable)


def snapshot(proxy: NetworkProxy) -> RecordingProxy:
    """A `Snapshot` of a network as handles take it: ``Network(snapshot(net.proxy))``."""
    return RecordingProxy(Snapshot(proxy))


def still(handle: _Handle) -> _Handle:
    """The same handle over a snapshot of its network; itself where it belongs to none."""
    proxy = network_of(handle)
    return handle if proxy is None else cast(_Handle, over(handle, snapshot(proxy)))


def _refused(operation: str) -> Callable[..., NoReturn]:
    def refuse(self: Snapshot, *args: Any, **options: Any) -> NoReturn:
        raise NotSupported(self.engine, f"{operation} in a snapshot", "A snapshot is read-only")

    return refuse


class Snapshot:
    """A `NetworkProxy` that can only be read.

    It asks the real one for types, processings, wires, info and devices when they are wanted, once each, and for nothing else.

    Parameters
    ----------
    proxy : the real one.
    """

    def __init__(self, proxy: NetworkProxy) -> None:
        self._proxy = proxy

    @property
    def engine(self) -> str:
        return self._proxy.engine

    def types(self) -> Mapping[str, TypeSpec]:
        return self._types

    def processings(self) -> Mapping[str, ProcessingState]:
        return self._processings

    def wires(self) -> Collection[Wire]:
        return self._wires

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        name = connector.processing  # compared first: of most wires no ends are made at all
        if connector.direction == "Out":
            return tuple(wire.in_end for wire in self._wires if wire.source == name and wire.out_end == connector)
        return tuple(wire.out_end for wire in self._wires if wire.target == name and wire.in_end == connector)

    def value(self, control: ConnectorId) -> float:
        state = self._processings.get(control.processing)
        if state is None or control.direction != "In" or control.name not in state.controls:
            raise NotSupported(self.engine, f"read the value of {control.name!r} in a snapshot")
        return state.controls[control.name]

    def info(self) -> NetworkInfo:
        return self._info

    def devices(self) -> Sequence[str]:
        return self._devices

    def close(self) -> None:
        """Nothing is held."""

    add = _refused("add")
    remove = _refused("remove")
    rename = _refused("rename")
    configure = _refused("configure")
    connect = _refused("connect")
    disconnect = _refused("disconnect")
    set_control = _refused("set a control")
    place = _refused("place")
    set_info = _refused("describe the network")
    batch = _refused("change anything")
    observe = _refused("observe changes")
    play = _refused("play")
    pause = _refused("pause")
    stop = _refused("stop")
    status = _refused("read the status")

    # -- asked once

    @cached_property
    def _types(self) -> Mapping[str, TypeSpec]:
        return self._proxy.types()

    @cached_property
    def _processings(self) -> Mapping[str, ProcessingState]:
        return MappingProxyType(dict(self._proxy.processings().items()))

    @cached_property
    def _wires(self) -> Collection[Wire]:
        return tuple(self._proxy.wires())

    @cached_property
    def _info(self) -> NetworkInfo:
        return self._proxy.info()

    @cached_property
    def _devices(self) -> Sequence[str]:
        engine = self._proxy.inner if isinstance(self._proxy, RecordingProxy) else self._proxy
        return tuple(engine.devices()) if isinstance(engine, CanPlay) else ()
