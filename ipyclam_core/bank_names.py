"""The names of a bank: a pattern and its numbers, made into texts only when somebody asks, or a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import overload


class Numbered(Sequence[str]):
    """``saw1``, ``saw2`` and so on.

    Parameters
    ----------
    before, after : what stands around the number.
    numbers : in order.
    width : of the number, as in a format: ``"02"``, or ``""`` for as wide as it is.
    """

    __slots__ = ("after", "before", "numbers", "width")

    def __init__(self, before: str, numbers: range, after: str, width: str = "") -> None:
        self.before, self.numbers, self.after, self.width = before, numbers, after, width

    @overload
    def __getitem__(self, which: int) -> str: ...
    @overload
    def __getitem__(self, which: slice) -> Numbered: ...
    def __getitem__(self, which: int | slice) -> str | Numbered:
        if isinstance(which, slice):
            return Numbered(self.before, self.numbers[which], self.after, self.width)
        return f"{self.before}{self.numbers[which]:{self.width}}{self.after}"

    def __iter__(self) -> Iterator[str]:
        before, after, width = self.before, self.after, self.width
        if not width:
            return iter([f"{before}{number}{after}" for number in self.numbers])
        return iter([f"{before}{number:{width}}{after}" for number in self.numbers])

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str) or not name.startswith(self.before) or not name.endswith(self.after):
            return False
        text = name[len(self.before) : len(name) - len(self.after)]
        digits = text.lstrip(" ")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 20:
            return False
        return int(digits) in self.numbers and text == f"{int(digits):{self.width}}"

    @property
    def plain(self) -> bool:
        """Whether all of them can name something, none of them twice, as far as is known without looking at each."""
        return self.before.isascii() and self.after.isascii()


class Listed(Sequence[str]):
    """Names as they were given, which may be anything as yet."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)

    @overload
    def __getitem__(self, which: int) -> str: ...
    @overload
    def __getitem__(self, which: slice) -> tuple[str, ...]: ...
    def __getitem__(self, which: int | slice) -> str | tuple[str, ...]:
        return self._names[which]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._apart

    @cached_property
    def _apart(self) -> frozenset[str]:
        return frozenset(self._names)

    @property
    def plain(self) -> bool:
        """As that of `Numbered`."""
        with suppress(TypeError):  # of names that are no text, or cannot even be in a set
            return len(self._apart) == len(self) and "" not in self._apart and "".join(self._names).isascii()
        return False


BankNames = Numbered | Listed


def bank_names(names: Sequence[str]) -> BankNames:
    """Names as a bank keeps them."""
    return names if isinstance(names, (Numbered, Listed)) else Listed(names)


def disjoint(one: BankNames, other: BankNames) -> bool:
    """Whether no name is in both."""
    if isinstance(one, Numbered) and isinstance(other, Numbered):
        short, long = sorted((one.before, other.before), key=len)
        if not long.startswith(short) or (len(long) > len(short) and long[len(short)] not in " 0123456789"):
            return True
    few, many = sorted((one, other), key=len)
    return not any(name in many for name in few)
