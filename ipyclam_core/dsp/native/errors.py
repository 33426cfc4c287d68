"""Errors below the engine, which the engine turns into messages for users."""


class KernelError(Exception):
    """A function cannot become a kernel; `allocates` if it compiles, but cannot run without the interpreter."""

    allocates = False
    said = False
    """Whether its text addresses the author of the function, and needs no translation."""


class AllocatingKernel(KernelError):
    """A function that would allocate memory, or raise an error, in the audio thread."""

    allocates = True


class RecursiveKernel(KernelError):
    """A function that calls itself."""

    said = True
