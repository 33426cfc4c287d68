"""The code that ``??`` shows of a processing type."""

from __future__ import annotations

from ..declare.declaration import catalog
from .processing import Processing
from .processing_types import ProcessingType


def type_code(handle: object) -> str:
    """The signal processing of a type, or of a processing's type. It is empty for other handles, and where there is none to show."""
    state = handle._proxy.processings().get(handle.name) if isinstance(handle, Processing) else None
    spec = handle.spec if isinstance(handle, ProcessingType) else state.spec if state is not None else None
    entry = None if spec is None else catalog.listed.get(spec.name)
    if entry is None or entry.spec is not spec:  # another engine's type may have the name of one that is declared
        return ""
    from ..declare.code import code_of  # which needs `ast`

    return code_of(catalog[entry.spec.name])
