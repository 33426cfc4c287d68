"""``python -m ipyclam_console``: the same as the command ``ipyclam_console``."""

from .shell import main

main()
