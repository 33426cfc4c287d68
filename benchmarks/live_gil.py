"""Who misses cycles while Python is busy: ``python benchmarks/live_gil.py [SECONDS]``.

Under a JACK server of its own, without a sound card and without realtime priority, three clients count the cycles that the
server had without them: ours, in a process whose interpreter is kept busy; an ordinary Python callback (JACK-Client) in
that same process; and ours again in a process that does nothing, which shows what this machine misses anyhow.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

STRESSES = {
    "nothing": "time.sleep(seconds)",
    "busy loop": """
end = time.monotonic() + seconds
while time.monotonic() < end:
    sum(k * k for k in range(1000))
""",
    "sorted()": """
numbers = [random.random() for _ in range(1_500_000)]
end = time.monotonic() + seconds
while time.monotonic() < end:
    sorted(numbers)
""",
    "gc storm": """
end = time.monotonic() + seconds
while time.monotonic() < end:
    rings = []
    for _ in range(20_000):
        ring = [None, {}]
        ring[0] = ring
        rings.append(ring)
    gc.collect()
""",
    "edits": """
end = time.monotonic() + seconds
while time.monotonic() < end:
    net.new = net.types.Sine
    net.new > net.sink
    net.osc.Pitch = random.uniform(100.0, 1000.0)
    net.osc["Audio Output"].samples(512)
    del net.new
""",
}

CLIENT = """
import gc, random, sys, threading, time
from ipyclam_core import Network
from ipyclam_core.dsp.memory.context import BLOCKS, MISSED

seconds, beside = float(sys.argv[1]), sys.argv[2] == "beside"
net = Network()
net.osc = net.types.Sine
net.low = net.types.ResonantLowPass
net.sink = net.types.AudioSink
net.osc > net.low > net.sink
net.play("jack")
context = net._proxy.inner.player._context
missed, expected = [0], [None]
if beside:
    import jack

    client = jack.Client("python", no_start_server=True)
    out = client.outports.register("out")

    def process(frames):
        now = client.last_frame_time
        if expected[0] is not None and now != expected[0]:
            missed[0] += (now - expected[0]) // frames
        expected[0] = now + frames
        out.get_array()[:] = 0.0

    client.set_process_callback(process)
    client.activate()
time.sleep(1.0)
print("ready", flush=True)
sys.stdin.readline()
ours, theirs, blocks = int(context[MISSED]), missed[0], int(context[BLOCKS])
STRESS
if beside:
    time.sleep(0.2)
print(int(context[MISSED]) - ours, missed[0] - theirs, int(context[BLOCKS]) - blocks, flush=True)
if beside:
    client.deactivate()
    client.close()
net.stop()
"""


def measure(stress: str, seconds: float) -> tuple[int, int, int, int]:
    """Cycles missed by ours, by the one that idles, and by the Python callback, and those ours had, under the present server."""
    idle, busy = (_start(seconds, STRESSES[name], beside) for name, beside in (("nothing", False), (stress, True)))
    for process in (idle, busy):
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    (calm, _, _), (ours, theirs, blocks) = (map(int, process.communicate()[0].split()) for process in (idle, busy))
    return ours, calm, theirs, blocks


def _start(seconds: float, stress: str, beside: bool) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLIENT.replace("STRESS", stress), str(seconds), "beside" if beside else ""]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def main(seconds: float) -> None:
    print(f"cycles missed in {seconds:g} s of each")
    print(f"{'frames':>6}  {'in the same process':20} {'ours':>6} {'idle':>6} {'Python':>7} {'cycles':>7}")
    for frames in (128, 256):
        name = f"ipyclam-gil-{os.getpid()}"
        command = ["jackd", "--no-realtime", "--name", name, "-d", "dummy", "-r", "48000", "-p", str(frames)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.environ["JACK_DEFAULT_SERVER"] = name
        try:
            subprocess.run(["jack_wait", "--server", name, "--wait", "--timeout", "20"], check=True, capture_output=True)
            for stress in STRESSES:
                ours, calm, theirs, blocks = measure(stress, seconds)
                print(f"{frames:6}  {stress:20} {ours:6} {calm:6} {theirs:7} {blocks:7}")
        finally:
            server.terminate()
            server.wait()
            time.sleep(0.2)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
