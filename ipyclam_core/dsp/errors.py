"""What can go wrong below the engine; the engine says it in the user's words."""


class KernelError(Exception):
    """A function cannot become a kernel."""
