"""`.py`: a network as Python statements. The file is a complete program, but loading it only reads it, and runs nothing."""

from __future__ import annotations

import json
import os
import re
import runpy
import traceback
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..errors import FormatError, NotWritable
from ..frontend.code import code
from ..parameters import PATHS, ParameterSpec
from ..system.display import escaped, warn
from ._atomic import write_atomically
from ._loading import check_size, collector_paused, folder_of, replacing, waiting_text
from ._python_interpreter import Interpreter
from ._python_source import MAX_BYTES, is_too_long

if TYPE_CHECKING:
    from ..frontend.network import Network
    from ..proxy import NetworkInfo, ProcessingState, Wire

SUFFIX: Final = ".py"
DESCRIPTION: Final = "Python statements"

VERSION: Final = 1

_HEAD: Final = re.compile(rb"# ipyclam network, format (\d+)")


@collector_paused()
def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write ``net.code()`` with a header that makes it a program. A crash leaves the old file or the new one.

    Raises
    ------
    NotWritable : a statement is too long to be loaded again. Nothing is written.
    """
    proxy = network._proxy
    states = list(proxy.processings().values())
    types = list(_origins(states, folder_of(path)))
    relative = bool(types) or any(_has_relative_paths(state.spec.parameters, state.config) for state in states)
    options = f"{f', types={json.dumps(types)}' if types else ''}{', relative_to=__file__' if relative else ''}"
    engine = repr(network.engine).replace("'", '"')
    body = code(proxy, "net", relative_to=folder_of(path))
    imported = "Network, Placeholder" if " = Placeholder(" in body else "Network"
    head = f"# ipyclam network, format {VERSION}\nfrom ipyclam_core import {imported}\n\nnet = Network({engine}{options})\n"
    text = f"{head}\n{body}\n" if body else head
    check_size(text, path, MAX_BYTES)
    for statement in body.split("\n"):
        if is_too_long(statement):
            begin = escaped(statement[:60])
            raise NotWritable(
                f"{path} could not be loaded again: the statement {begin}... has {len(statement):,} characters. Shorten its value"
            )
    write_atomically(path, text)


@collector_paused()
def load(network: Network, path: str | os.PathLike[str], trusted: bool = False) -> None:
    """Replace the content of `network` by that of the file, in one undo step.

    The file is not run: its statements are read, and everything a network file does not need is refused.

    Parameters
    ----------
    trusted : run the file as Python, and load the network that it makes.

    Raises
    ------
    FormatError : the file is not valid, or contains something that is not allowed; the message gives the line. The network
        is unchanged.
    """
    _warn_of_version(path)
    if trusted:
        _warn_of_engine(network, path, _load_trusted(network, path))
        return
    interpreter = Interpreter(network, path)
    with replacing(network, path):
        interpreter.run()
        if not interpreter.count:
            raise FormatError(path, 1, "the file contains no network")
        if interpreter.waiting:
            info = network._proxy.info()
            network._proxy.set_info(replace(info, waiting=(*info.waiting, *interpreter.waiting)))
    if interpreter.waiting:
        warn(waiting_text(path, list(interpreter.waiting.values())), stacklevel=5)
    _warn_of_engine(network, path, interpreter.engine)


def _origins(states: Collection[ProcessingState], folder: str) -> Iterator[str]:
    """The modules and files that define the types used here; files are relative to `folder`."""
    homeless = sorted({state.spec.name for state in states if state.spec.origin == "__main__"})
    if homeless:
        what = ", ".join(homeless)
        warn(f"types defined at the prompt are not in the file: {what}. Define them before you load it", stacklevel=6)
    for origin in sorted({state.spec.origin for state in states} - {"", "__main__"}):
        yield os.path.relpath(origin, folder) if origin.endswith(".py") else origin


def _load_trusted(network: Network, path: str | os.PathLike[str]) -> str:
    """Run the file, and copy its network to `network`; returns the name of its engine."""
    from ..frontend.network import Network

    try:
        namespace = runpy.run_path(os.fspath(path), run_name="ipyclam_network_file")
    except SyntaxError as error:
        raise FormatError(path, error.lineno, f"this is not valid Python: {error.msg}") from error
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == os.fspath(path)]
        raise FormatError(path, lines[-1] if lines else None, f"the file raised {type(error).__name__}: {error}") from error
    made = list({id(value): value for value in namespace.values() if isinstance(value, Network) and value is not network}.values())
    try:
        if len(made) != 1:
            raise FormatError(path, None, f"a network file must make one network, not {len(made)}")
        proxy = made[0]._proxy
        states, wires, info = list(proxy.processings().values()), list(proxy.wires()), proxy.info()
    finally:
        for other in made:
            other.close()  # before copying: a server does not accept two clients of the same name
    _take_over(network, path, states, wires, info)
    return proxy.engine


def _take_over(network: Network, path: str | os.PathLike[str], states: list[ProcessingState], wires: list[Wire], info: NetworkInfo) -> None:
    target = network._proxy
    with replacing(network, path, trusted=True), target.relative_to(None):  # paths in memory are relative to the current directory
        for state in states:
            target.add(state.name, state.spec)
            target.configure(state.name, state.config)
            target.place(state.name, state.position, state.size)
        for wire in wires:
            target.connect(wire)
        for state in states:
            for control, value in state.controls.items():
                target.set_control(state.name, control, value)
        target.set_info(info)


def _warn_of_version(path: str | os.PathLike[str]) -> None:
    """Warn of a file of a later version; it is read as far as possible."""
    with open(path, "rb") as file:
        found = _HEAD.match(file.readline(100))
    if found is not None and int(found[1]) > VERSION:
        warn(f"{path} has format {int(found[1])}, newer than {VERSION}: parts may be missing. Update ipyclam", stacklevel=6)


def _warn_of_engine(network: Network, path: str | os.PathLike[str], engine: str) -> None:
    if engine and engine != network.engine:
        warn(f"{path} is a network of the {engine} engine. It was loaded into the {network.engine} engine", stacklevel=6)


def _has_relative_paths(parameters: Iterable[ParameterSpec], config: Any) -> bool:
    for parameter in parameters:
        value = config[parameter.name]
        if parameter.type == "config" and value is not None:
            if _has_relative_paths(parameter.fields, value):
                return True
        elif parameter.type in PATHS and value and not os.path.isabs(value):
            return True
    return False
