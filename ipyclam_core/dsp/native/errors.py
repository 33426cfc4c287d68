"""What can go wrong below the engine; the engine says it in the user's words."""


class KernelError(Exception):
    """A function cannot become a kernel; `allocates` where it could be compiled, but not run without the interpreter."""

    allocates = False
    said = False
    """Whether its text is for whoever wrote the function, as it is."""


class AllocatingKernel(KernelError):
    """A function that would allocate memory, or raise an error, in the audio thread."""

    allocates = True


class RecursiveKernel(KernelError):
    """A function that calls itself."""

    said = True
