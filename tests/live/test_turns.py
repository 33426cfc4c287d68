"""Many analyses of one hop take turns where blocks are shorter than the hop, and what they put out still belongs together."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from tests.waiting import eventually

HOP = 512


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def chains(net: Network, count: int) -> None:
    """Analyses and syntheses of one oscillator, side by side into a mixer."""
    net.osc, net.mixer, net.out = net.types.Oscillator, net.types.AudioMixer, net.types.AudioSink
    net.mixer.NumberOfInPorts = count
    for k in range(count):
        net[f"analysis{k}"], net[f"synthesis{k}"], net[f"overlap{k}"] = (
            net.types[name] for name in ("SpectralAnalysis", "SpectralSynthesis", "OverlapAdd")
        )
        net.osc > net[f"analysis{k}"] > net[f"synthesis{k}"] > net[f"overlap{k}"]
        net[f"overlap{k}"] > net.mixer[f"Input {k}"]
    net.mixer > net.out


def test_few_do_not_wait_and_many_wait_less_than_a_hop(net):
    chains(net, 24)
    late = net.latency
    net.play("clock", block_size=64)
    latencies = [net[f"overlap{k}"]["Audio Output"].latency for k in range(24)]
    assert sorted(set(latencies)) == [late, late + 64, late + 128]
    assert max(latencies.count(each) for each in latencies) == 8
    net.stop()
    net.play("clock", block_size=512)
    assert {net[f"overlap{k}"]["Audio Output"].latency for k in range(24)} == {late}


def test_what_waited_meets_what_did_not(net, tmp_path):
    chains(net, 10)
    for k in range(10):
        net.mixer[f"Gain {k}"] = {0: 1.0, 9: -1.0}.get(k, 0.0)
    net.play("clock", block_size=64)
    assert net.overlap9["Audio Output"].latency > net.overlap0["Audio Output"].latency
    eventually(lambda: np.abs(net.overlap9["Audio Output"].samples(4096)).max() > 0.1)
    with net.record(str(tmp_path / "difference.wav")):
        eventually(lambda: net.status().position > 1.0)
    assert np.abs(soundfile.read(tmp_path / "difference.wav")[0]).max() == 0.0


def test_one_that_is_added_waits_and_leaves_the_others_as_they_are(net):
    chains(net, 8)
    net.play("clock", block_size=64)
    before = [net[f"analysis{k}"].Output.latency for k in range(8)]
    net.more = net.types.SpectralAnalysis
    net.osc > net.more
    assert net.more.Output.latency == before[0] + 64
    assert [net[f"analysis{k}"].Output.latency for k in range(8)] == before


def test_a_render_waits_for_nothing(net):
    chains(net, 24)
    whole = net.render(0.2, block_size=512)
    np.testing.assert_array_equal(net.render(0.2, block_size=64), whole)
