"""Errors below the engine, which the engine turns into messages for users."""


class KernelError(Exception):
    """A function cannot become a kernel; `allocates` if it compiles, but cannot run without the interpreter."""

    allocates = False
    said = False
    """Whether its text addresses the author of the function, and needs no translation."""
    place = ""
    """The line that it is about, as in ``", line 7, `x = foo(y)`"``, if it is known."""


class AllocatingKernel(KernelError):
    """A function that would allocate memory, or raise an error, in the audio thread."""

    allocates = True


class OutsideKernel(AllocatingKernel):
    """A function that calls what may wait for Python."""


class RecursiveKernel(KernelError):
    """A function that calls itself."""

    said = True


class UncheckedKernel(KernelError):
    """A function that uses an index which compiled code does not check."""

    said = True

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place
