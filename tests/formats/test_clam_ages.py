"""Files of older versions of CLAM."""

from __future__ import annotations

import warnings

import pytest
from xml_files import Written, network_of, processing, wire

from ipyclam_core import Network
from ipyclam_core.errors import FormatError

RENAMED = [
    ("Surround", "Port", "in", {"p": "W", "vx": "X", "vy": "Y"}),
    ("BFormatRotation", "Port", "in", {"vx": "X", "vy": "Y", "vz": "Z"}),
    ("BFormatRotation", "Port", "out", {"vx": "X", "vy": "Y", "vz": "Z"}),
    ("ControlSource", "Control", "out", {"output control": "output"}),
    ("SampleAccurateStreamDelay", "Port", "in", {"InputStream": "Audio Input"}),
    (
        "AbsoluteCoordinates2RelativeAngles", "Control", "in",
        {f"target {what}": f"listener {what}" for what in ("X", "Y", "Z", "azimuth", "elevation", "roll")},
    ),
    ("AudioSource", "Port", "out", {"AudioOut": "1"}),
    ("AudioSink", "Port", "in", {"AudioIn": "1"}),
]  # fmt: skip
PEERS = {("Port", "in"): ("SimpleOscillator", "Audio Output"), ("Port", "out"): ("AudioSink", "1"),
         ("Control", "in"): ("OutControlSender", "out"), ("Control", "out"): ("ControlPrinter", "In Control")}  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "kind", "side", "old", "new"), [(*case[:3], old, new) for case in RENAMED for old, new in case[3].items()]
)
def test_connectors_have_their_names_of_today(
    type_: str, kind: str, side: str, old: str, new: str, clam: Network, written: Written
) -> None:
    peer, end = PEERS[kind, side]
    ends = (f"peer.{end}", f"x.{old}") if side == "in" else (f"x.{old}", f"peer.{end}")
    text = network_of(processing("peer", peer), processing("x", type_), wire(*ends, kind.lower()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clam.load(written("x.clamnetwork", text))
    found = next(iter(clam._proxy.wires()))
    assert (found.target_connector if side == "in" else found.source_connector) == new
    saved = clam.xml()
    assert f"x.{new}<" in saved
    assert f"x.{old}<" not in saved or old == new


@pytest.mark.parametrize(
    ("type_", "parameter"), [("AudioMixer", "FrameSize"), ("AudioMixer", "NChannels"), ("ControlSum", "NumberOfArguments")]
)
def test_parameters_without_effect_are_left_out_with_one_warning(type_: str, parameter: str, clam: Network, written: Written) -> None:
    text = network_of(*(processing(name, type_, f"<{parameter}>3</{parameter}>") for name in "abc"))
    with pytest.warns(UserWarning, match="older version of CLAM") as said:
        clam.load(written("x.clamnetwork", text))
    assert [f"{name}.{parameter}" in str(said[0].message) for name in "abc"] == [True] * 3
    assert len(said) == 1
    assert len(clam) == 3
    assert f"<{parameter}>" not in clam.xml()


def test_a_parameter_that_the_type_has_today_is_read(clam: Network, written: Written) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clam.load(written("x.clamnetwork", network_of(processing("x", "OverlapAdd", "<FrameSize>256</FrameSize>"))))
    assert clam.x.FrameSize == 256


def test_a_file_was_once_a_configuration(clam: Network, written: Written) -> None:
    old = "<SourceFile><URI>x.wav</URI><Kind>Wave</Kind></SourceFile>"
    clam.load(written("x.clamnetwork", network_of(processing("x", "MonoAudioFileReader", old))))
    assert clam.x.SourceFile.endswith("x.wav")
    assert "<URI>" not in clam.xml()


def test_a_parameter_that_no_version_had_is_an_error(clam: Network, written: Written) -> None:
    with pytest.raises(FormatError, match="Nonsense"):
        clam.load(written("x.clamnetwork", network_of(processing("x", "AudioMixer", "<Nonsense>3</Nonsense>"))))
