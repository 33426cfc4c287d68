"""Sources of user-defined processing types: modules by name and files by path, which are run to define them."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback

from ..errors import EngineError, IpyclamError
from ..system.imports import allowed_here
from .declaration import catalog


def define(origin: str) -> None:
    """Run a module or file that defines processing types, unless it has been run.

    Raises
    ------
    FileNotFoundError
        The module or file does not exist.
    EngineError
        It fails; the message gives the line and the reason.
    """
    is_file, path = origin.endswith(".py"), os.path.abspath(origin)
    if is_file and any(type_.spec.origin == path for type_ in catalog.listed.values()):
        return
    if not (os.path.exists(path) if is_file else _is_module(origin)):
        hint = "" if is_file else ". To give a file, add .py"
        raise FileNotFoundError(f"there is no {'file' if is_file else 'module'} {origin!r} to define processing types{hint}")
    try:
        if is_file:
            _run(path)
        else:
            with allowed_here():
                importlib.import_module(origin)
    except IpyclamError:
        raise
    except Exception as error:  # whatever is in it
        raise EngineError(f"{origin}{_line(error, path)}: {type(error).__name__}: {getattr(error, 'msg', error)}") from error


def _is_module(origin: str) -> bool:
    if origin in sys.modules:
        return True
    try:
        with allowed_here():
            return importlib.util.find_spec(origin) is not None
    except (ModuleNotFoundError, ValueError):  # one that it is in is not there
        return False


def _run(path: str) -> None:
    spec = importlib.util.spec_from_file_location(path, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[path] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[path]
        raise


def _line(error: Exception, path: str) -> str:
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == path]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    return f", line {line}" if line is not None else ""
