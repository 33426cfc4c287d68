"""The ipyclam console: an IPython application, and an IPython extension with the same magics and completers."""

from .extension import load_ipython_extension, unload_ipython_extension

__all__ = ["load_ipython_extension", "unload_ipython_extension"]
