"""ipyclam's own client of a JACK server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ... import libjack
from ...errors import DeviceError, InvalidName, NoJackServer
from ...system.display import brief
from .package import package
from .transport import Transport


class OurClient:
    """ipyclam's client of a server. The server may stop and be started again.

    Parameters
    ----------
    wanted : the requested name of the client.
    server : the name of the server; None for JACK's default server.

    Attributes
    ----------
    name : the name given by JACK, which differs if the requested one is in use; ``""`` before the client is open.
    xruns : the number of xruns of the server since the client was first opened.
    """

    def __init__(self, wanted: str, server: str | None) -> None:
        check_name(wanted)
        self.name, self.server = "", server
        self.xruns = 0
        self._wanted = wanted
        self._client: Any = None
        self._transport: Transport | None = None
        self._joined = ""
        self._forsaken = False

    def open(self) -> Any:
        """Open the client, not yet active. Raises `NoJackServer`, or another `DeviceError`."""
        jack = package()
        joined = libjack.server_name(self.server)
        given = libjack.given_name(joined)
        with libjack.joining(joined) as said:
            refused = None
            for _ in libjack.attempts():
                try:
                    client = jack.Client(self._wanted, no_start_server=True, servername=self.server)
                    break
                except jack.JackOpenError as exc:
                    if not exc.status.server_error:
                        raise NoJackServer(given, _reason(said)) from exc
                    refused = exc
            else:  # there is one, but it gave up halfway
                raise DeviceError(
                    f"the JACK server{f' {given!r}' if given else ''} accepts no more clients, or none called {self._wanted!r}. "
                    "Quit one and try again\n"
                    "(JACK has room for about 250 clients on a machine, on all its servers together)"
                ) from refused
        self._joined = joined
        self._client, self._transport, self.name = client, Transport(client), client.name
        return client

    def close(self) -> None:
        """Close the client. Calling it twice is allowed."""
        self.let_go()()

    def let_go(self) -> Callable[[], None]:
        """Release the client; the returned function closes it."""
        client, self._client, self._transport, joined = self._client, None, None, self._joined

        def close() -> None:
            if client is not None:
                client.deactivate()
                client.close()
                libjack.leave(joined)

        return close

    def forsake(self) -> None:
        """In a child process: let go of the client, and leave it to the parent."""
        if self._client is not None:
            self._client._ptr = package()._ffi.NULL  # it would close the parent's client when it is collected
        self._client, self._transport, self._forsaken = None, None, True

    @property
    def there(self) -> bool:
        """Whether the client is open."""
        return self._client is not None

    def alive(self) -> Any:
        """The client of JACK-Client; raises `NoJackServer` if the server has stopped."""
        if self._forsaken:
            raise DeviceError('this network belongs to the process that was forked. To follow the server here: net = Network("jack")')
        if self._client is None:
            raise NoJackServer(libjack.given_name(libjack.server_name(self.server)))
        return self._client

    @property
    def transport(self) -> Transport | None:
        """The transport of the server, or None if the client is not open."""
        return self._transport

    def rolling(self) -> Transport:
        """The transport of the server; raises `NoJackServer` if the server has stopped."""
        self.alive()
        assert self._transport is not None
        return self._transport

    def count_xrun(self) -> None:
        self.xruns += 1


def check_name(name: str) -> None:
    """Raise `InvalidName` if `name` cannot be the name of a client, before anything is started."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a JACK client is a text, not {brief(name)}")
    package()
    if fault := libjack.fault_of(name):
        raise InvalidName(name, fault)


def _reason(said: Iterable[str]) -> str:
    """The last error message of libjack."""
    return next((words for words in reversed([*said]) if "err" in words.lower() or "cannot" in words.lower()), "")
