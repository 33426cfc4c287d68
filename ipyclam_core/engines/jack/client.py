"""Our own client of a JACK server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ... import libjack
from ...errors import DeviceError, InvalidName, NoJackServer
from .package import package
from .transport import Transport


class OurClient:
    """Our client of a server, while there is one: the server may go, and come again.

    Parameters
    ----------
    wanted : what it shall be called.
    server : the server's name; None for the one that JACK takes by default.

    Attributes
    ----------
    name : what JACK calls it, as that name may have been taken; ``""`` before there is one.
    xruns : how many the server has had since it was opened first.
    """

    def __init__(self, wanted: str, server: str | None) -> None:
        check_name(wanted)
        self.name, self.server = "", server
        self.xruns = 0
        self._wanted = wanted
        self._client: Any = None
        self._transport: Transport | None = None
        self._joined = ""

    def open(self) -> Any:
        """Open it, not yet active. Raises `NoJackServer`, or another `DeviceError`."""
        jack = package()
        joined = libjack.server_name(self.server)
        given = libjack.given_name(joined)
        with libjack.joining(joined) as said:
            try:
                client = jack.Client(self._wanted, no_start_server=True, servername=self.server)
            except jack.JackOpenError as exc:
                if exc.status.server_error:  # there is one, but it gave up halfway
                    raise DeviceError(
                        f"the JACK server{f' {given!r}' if given else ''} accepts no more clients. Quit one and try again\n"
                        "(JACK has room for about 250 clients on a machine, on all its servers together)"
                    ) from exc
                raise NoJackServer(given, _reason(said)) from exc
        self._joined = joined
        self._client, self._transport, self.name = client, Transport(client), client.name
        return client

    def close(self) -> None:
        """Leave the server. Twice is no error."""
        self.let_go()()

    def let_go(self) -> Callable[[], None]:
        """Have no client from now on; calling the result closes the one that was."""
        client, self._client, self._transport, joined = self._client, None, None, self._joined

        def close() -> None:
            if client is not None:
                client.deactivate()
                client.close()
                libjack.leave(joined)

        return close

    @property
    def there(self) -> bool:
        """Whether there is one."""
        return self._client is not None

    def alive(self) -> Any:
        """The client, of JACK-Client; raises `NoJackServer` where the server is gone."""
        if self._client is None:
            raise NoJackServer(libjack.given_name(libjack.server_name(self.server)))
        return self._client

    @property
    def transport(self) -> Transport | None:
        """The server's transport, while there is one."""
        return self._transport

    def rolling(self) -> Transport:
        """The server's transport; raises `NoJackServer` where the server is gone."""
        self.alive()
        assert self._transport is not None
        return self._transport

    def count_xrun(self) -> None:
        self.xruns += 1


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a client, before anything is started."""
    package()
    if fault := libjack.fault_of(name):
        raise InvalidName(name, fault)


def _reason(said: Iterable[str]) -> str:
    """The last thing libjack said that tells something."""
    return next((words for words in reversed([*said]) if "err" in words.lower() or "cannot" in words.lower()), "")
