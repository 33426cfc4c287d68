"""What a real Jupyter kernel shows of networks and samples."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient, KernelManager

pytestmark = pytest.mark.slow

SETTING_UP = """
from ipyclam_core import Network
net = Network("clam")
net.osc = net.types.SimpleOscillator
net.out = net.types.AudioSink
net.osc > net.out
net.play(device="clock")
import time
while net.status().position < 0.3:
    time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingKernelClient]:
    folder = tmp_path_factory.mktemp("jupyter")
    manager = KernelManager(transport="ipc", ip=str(folder / "socket"))
    manager.start_kernel(cwd=str(folder), env={**os.environ, "IPYTHONDIR": str(folder / "ipython")})
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(SETTING_UP, timeout=120, output_hook=lambda message: None)
        yield client
        client.execute_interactive("net.close()", timeout=60, output_hook=lambda message: None)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
        manager.cleanup_resources()


def shown(client: BlockingKernelClient, expression: str) -> dict[str, Any]:
    """What a notebook gets to show."""
    bundles: list[dict[str, Any]] = []

    def heard(message: dict[str, Any]) -> None:
        if message["msg_type"] == "execute_result":
            bundles.append(message["content"]["data"])

    client.execute_interactive(expression, timeout=60, output_hook=heard)
    return bundles[0]


def test_a_notebook_shows_a_network_as_boxes_and_wires(kernel):
    bundle = shown(kernel, "net")
    assert ">SimpleOscillator</text>" in bundle["image/svg+xml"]
    assert bundle["text/plain"].startswith("Network('clam')")


def test_a_notebook_shows_samples_as_a_plot(kernel):
    bundle = shown(kernel, "net.osc.Audio_Output.samples(1000)")
    assert "<polyline" in bundle["image/svg+xml"]
    assert ">osc.Audio Output</text>" in bundle["image/svg+xml"]
