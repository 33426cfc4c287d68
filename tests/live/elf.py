"""What an object file asks others for: the undefined symbols of an ELF file of 64 bits."""

from __future__ import annotations

import struct


def undefined(code: bytes) -> set[str]:
    """The names of the undefined symbols."""
    assert code[:5] == b"\x7fELF\x02"
    (table,) = struct.unpack_from("<Q", code, 0x28)
    size, number = struct.unpack_from("<HH", code, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", code, table + k * size) for k in range(number)]
    names: set[str] = set()
    for _, kind, _, _, offset, length, link, _, _, entry in sections:
        if kind != 2:  # SHT_SYMTAB
            continue
        strings = sections[link][4]
        for place in range(offset, offset + length, entry):
            name, _, _, section, _, _ = struct.unpack_from("<IBBHQQ", code, place)
            if name and section == 0:
                end = code.index(b"\0", strings + name)
                names.add(code[strings + name : end].decode())
    return names
