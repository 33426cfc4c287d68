"""A real shell with the extension loaded, and tab as it is pressed."""

from __future__ import annotations

import atexit
from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell
from pressing import Tab
from traitlets.config import Config

from ipyclam_core import Network


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """An InteractiveShell as `ipython` makes it, without a history on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    made = InteractiveShell(config=config)
    try:
        yield made
    finally:
        if "ipyclam_console" in made.extension_manager.loaded:
            made.run_line_magic("unload_ext", "ipyclam_console")
        made._atexit_once()
        atexit.unregister(made.atexit_operations)
        made.restore_sys_module_state()


@pytest.fixture
def console(shell: InteractiveShell, net: Network) -> InteractiveShell:
    """The shell with the extension loaded, and ``net`` of the dummy engine in it."""
    shell.user_ns["net"] = net
    shell.run_line_magic("load_ext", "ipyclam_console")
    return shell


@pytest.fixture
def tab(console: InteractiveShell) -> Tab:
    return Tab(console)
