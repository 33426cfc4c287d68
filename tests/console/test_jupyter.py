"""The same extension in a real Jupyter kernel."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import soundfile
from jupyter_client import BlockingKernelClient, KernelManager
from waiting import PATIENCE

pytestmark = pytest.mark.slow


class Kernel:
    """A kernel, and what a notebook does with it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._manager, self._client = manager, client

    def run(self, code: str, interrupt: bool = False) -> tuple[str, list[dict[str, Any]]]:
        """Run a cell: its text output, and the contents of its other messages.

        With `interrupt`, the cell is interrupted once it has shown a bar that moves.
        """
        text, others = "", []

        def heard(message: dict[str, Any]) -> None:
            nonlocal text
            if message["msg_type"] == "stream":
                text += message["content"]["text"]
            elif message["msg_type"] in ("error", "execute_result", "display_data", "update_display_data"):
                others.append({"kind": message["msg_type"], **message["content"]})
                if interrupt and len(others) == 2:
                    self._manager.interrupt_kernel()

        self._client.execute_interactive(code, timeout=PATIENCE, output_hook=heard, allow_stdin=False)
        return text, others

    def send(self, kind: str, **content: Any) -> None:
        """Send a message as the notebook does when something in it is moved."""
        self._client.shell_channel.send(self._client.session.msg(kind, content))

    def complete(self, code: str) -> dict[str, str]:
        """Press tab at the end of a cell: the texts, and what is said of each."""
        content = self._client.complete(code, reply=True, timeout=PATIENCE)["content"]
        return {item["text"]: item["type"] for item in content["metadata"]["_jupyter_types_experimental"]}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("jupyter")
    manager = KernelManager(transport="ipc", ip=str(folder / "socket"))
    manager.start_kernel(cwd=str(folder), env={**os.environ, "IPYTHONDIR": str(folder / "ipython")})
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        kernel = Kernel(manager, client)
        kernel.run("from ipyclam_core import Network; net = Network('dummy')\n%load_ext ipyclam_console")
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
        manager.cleanup_resources()


@pytest.fixture
def empty(kernel: Kernel) -> Kernel:
    kernel.run("net = Network('dummy')")
    return kernel


def test_completions_have_types(empty: Kernel) -> None:
    empty.run("net.osc, net.mix = 'Oscillator', 'Mixer'")
    assert empty.complete("net.os") == {"osc": "processing · Oscillator"}
    assert empty.complete("net.osc.Fre")["Frequency"] == "config · float = 440.0 Hz"
    assert list(empty.complete("net.osc.Output > net.")) == ["osc", "mix"]
    assert empty.complete('net["m') == {'mix"]': "processing · Mixer"}


def test_completion_changes_nothing(empty: Kernel) -> None:
    empty.run("net.osc, net.mix = 'Oscillator', 'Mixer'")
    empty.complete("(net.osc > net.mix).")
    empty.complete("x = net.osc > net.mix\nx.")
    assert empty.run("print(len(net._proxy.wires()))")[0] == "0\n"


def test_errors_are_one_line(empty: Kernel) -> None:
    empty.run("net.osc = 'Oscillator'")
    _, [error] = empty.run("net.osk")
    assert error["kind"] == "error"
    assert error["ename"] == "NoSuchProcessing"
    assert len(error["traceback"]) == 1
    assert "did you mean 'osc'?" in error["traceback"][0]


def test_a_magic_that_is_not_there(empty: Kernel) -> None:
    text, others = empty.run("%plya")
    assert "did you mean `%play`?" in text + str(others)


def test_magics_print(empty: Kernel) -> None:
    empty.run("net.osc = 'Oscillator'")
    assert "└─ osc  Oscillator" in re.sub(r"\x1b\[[\d;]*m", "", empty.run("%tree")[0])


def test_playing_shows_a_bar(empty: Kernel) -> None:
    _, others = empty.run("%play 0.3")
    bars = [message["data"]["text/plain"] for message in others if message["kind"] in ("display_data", "update_display_data")]
    assert bars[-1].endswith("━ 0.3/0.3 s")
    assert bars[0].endswith("╌ 0.0/0.3 s")


def test_an_interrupt_ends_what_plays(empty: Kernel) -> None:
    text, others = empty.run("%play 100", interrupt=True)
    assert "stopped after 0:" in text
    assert not [message for message in others if message["kind"] == "error"]
    assert empty.run("print(net.state)")[0] == "stopped\n"


def test_unloading_and_loading_again(empty: Kernel) -> None:
    empty.run("net.osc = 'Oscillator'\n%unload_ext ipyclam_console")
    assert "processing · Oscillator" not in empty.complete("net.os").values()
    text, others = empty.run("%tree")
    assert "not found" in text + str(others)
    empty.run("%load_ext ipyclam_console")
    assert empty.complete("net.os") == {"osc": "processing · Oscillator"}


def test_the_network_says_what_it_is(empty: Kernel) -> None:
    empty.run("net.osc = 'Oscillator'")
    _, [shown] = empty.run("net")
    assert "1 processing" in shown["data"]["text/plain"]


SOUND = "net = Network('clam'); net.osc, net.out, net.lfo = 'Oscillator', 'AudioSink', 'LFO'; _ = net.osc > net.out"


def test_what_is_rendered_can_be_heard(empty: Kernel) -> None:
    empty.run(SOUND)
    for line in ("%listen 0.1", "%listen net.osc 0.1", "%listen osc .1", '%listen net.osc["Audio Output"] 0.1'):
        text, others = empty.run(line)
        player = others[-1]["data"]["text/html"]
        assert "clipped" not in text
        samples, rate = soundfile.read(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", player)[1])))  # type: ignore[index]
        assert (samples.shape, rate) == ((4800,), 48000)
        assert samples.max() == pytest.approx(1.0, abs=0.01)


def test_a_peak_above_1_is_said(empty: Kernel) -> None:
    empty.run(f"{SOUND}; net.two = 'Oscillator'; _ = net.two > net.out")
    text, others = empty.run("%listen 0.1")
    assert re.search(r"the peak is (2|1\.99\d): samples above 1 are clipped", text)
    assert "<audio" in others[-1]["data"]["text/html"]


def test_what_cannot_be_heard_is_said(empty: Kernel) -> None:
    for line, said in (("%listen 1", "the network has no sink"), ("%listen net.engine", "is not an audio out port")):
        empty.run("net = Network('clam')")
        text, others = empty.run(line)
        assert said in text + str(others)


def test_a_scope_is_a_picture_and_a_meter_a_text(empty: Kernel) -> None:
    empty.run(f"{SOUND}; net.play('clock')")
    _, others = empty.run("%scope osc net.out lfo")
    assert [("<svg" in other["data"]["image/svg+xml"], other["data"]["image/svg+xml"].count("out.1")) for other in others] == [
        (True, 0), (True, 1), (True, 0),
    ]  # fmt: skip
    assert re.search(r"out\.1.* -3\.0", empty.run("%meter")[0])
    empty.run("net.stop()")


def test_a_panel_is_shown_and_its_sliders_set_controls(empty: Kernel) -> None:
    _, others = empty.run("net = Network('clam'); net.low = 'ResonantLowPass'; panel = net.panel(); panel")
    assert "application/vnd.jupyter.widget-view+json" in others[0]["data"]
    slider = empty.run("print(panel.children[0].children[2].model_id)")[0].strip()
    empty.send("comm_msg", comm_id=slider, data={"method": "update", "state": {"value": 3.0}, "buffer_paths": []})
    assert empty.run("print(net.low._incontrols.Q.value)")[0] == "3.0\n"
