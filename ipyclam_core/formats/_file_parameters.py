"""File parameters: relative to the current directory in memory, relative to the network's file in that file.

So a saved network finds its sound files wherever one stands when it is loaded. Absolute paths stay absolute.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ..parameters import ParameterSpec

PATHS: Final = frozenset({"file", "outfile", "directory"})


def folder_of(path: str | os.PathLike[str]) -> str:
    """The folder that the paths inside the file `path` are relative to."""
    return str(Path(path).resolve().parent)


def relative_to_file(parameters: Iterable[ParameterSpec], config: Mapping[str, Any], folder: str | None) -> Mapping[str, Any]:
    """`config` as a file in `folder` says it; as it is without a folder."""
    if folder is None:
        return config
    moved = dict(config)
    for spec in parameters:
        value = moved.get(spec.name)
        if spec.type == "config" and isinstance(value, Mapping):
            moved[spec.name] = relative_to_file(spec.fields, value, folder)
        elif spec.type in PATHS and value and "\0" not in value and not os.path.isabs(value):
            moved[spec.name] = os.path.relpath(value, folder)
    return moved
