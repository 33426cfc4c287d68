"""LADSPA plugins found and described: those of Debian's packages, and libraries that crash, hang or are none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from ipyclam_core import Network, Placeholder
from ipyclam_core.errors import NoSuchType, NotPlayable
from ipyclam_core.plugins import ladspa
from ipyclam_core.plugins.description import Control, Port

DEBIAN = "/usr/lib/ladspa"


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(type(ladspa.indices), "folder", property(lambda cache: tmp_path / "index"))


@pytest.fixture
def debian(monkeypatch):
    monkeypatch.setenv("LADSPA_PATH", DEBIAN)
    return ladspa.index()


def test_the_plugins_of_debian_are_found_by_the_names_that_clam_gives_them(debian):
    assert {"ladspa_amp_mono_1048", "ladspa_noise_white_1050", "ladspa_lsFilter_1908", "ladspa_gverb_1216"} <= debian.plugins.keys()
    assert not debian.broken


def test_a_plugin_has_the_ports_and_controls_of_its_author(debian):
    plugin = debian.plugins["ladspa_lsFilter_1908"].plugin
    assert plugin.ports == (Port("Input", "In", "audio"), Port("Output", "Out", "audio"))
    kind, cutoff, resonance = plugin.controls
    assert (kind.type, kind.minimum, kind.maximum, kind.default) == ("int", 0.0, 2.0, 0.0)
    assert (cutoff.name, cutoff.unit, cutoff.minimum, cutoff.maximum) == ("Cutoff frequency (Hz)", "Hz", 96.0, 24000.0)
    assert resonance == Control("Resonance", "In", default=0.0, minimum=0.0, maximum=1.0)


def test_ranges_may_be_multiples_of_the_sample_rate(debian):
    cutoff = debian.plugins["ladspa_lsFilter_1908"].control_inputs(8000.0)[1]
    assert (cutoff.minimum, cutoff.maximum) == (16.0, 4000.0)


def test_defaults_are_those_of_the_hints(build, monkeypatch):
    monkeypatch.setenv("LADSPA_PATH", str(build("odd").parent))
    plugin = ladspa.index().plugins["ladspa_odd_7"].plugin
    bad, count, frequency, same = plugin.controls
    assert (bad.type, bad.default, bad.minimum, bad.maximum) == ("bool", 0.0, 0.0, 1.0)
    assert (count.type, count.default, count.minimum, count.maximum) == ("int", 3.0, 0.0, 3.0)
    assert (frequency.default, frequency.minimum, frequency.maximum, frequency.unit) == (480.0, 48.0, 4800.0, "Hz")
    assert (same.direction, same.minimum, same.maximum) == ("Out", None, None)
    assert plugin.author == "Jörg"


@pytest.mark.parametrize(
    ("hint", "default"),
    [
        (0x40, 1.0),
        (0x80, 10.0),
        (0xC0, 100.0),
        (0x100, 1000.0),
        (0x140, 10000.0),
        (0x200, 1.0),
        (0x240, 1.0),
        (0x280, 100.0),
        (0x2C0, 440.0),
    ],
)
def test_each_kind_of_default_on_a_logarithmic_scale(hint, default):
    facts = {"label": "x", "name": "X", "maker": "", "copyright": "", "properties": 4, "ports": [[5, "X", hint | 0x13, 1.0, 10000.0]]}
    assert ladspa.described("x", facts, 48000.0).controls[0].default == pytest.approx(default)


def test_connectors_of_one_name_are_numbered():
    facts = {"label": "x", "name": "X", "maker": "", "copyright": "", "properties": 4, "ports": [[9, "In", 0, 0, 0], [9, "In", 0, 0, 0]]}
    assert [port.name for port in ladspa.described("x", facts, 48000.0).ports] == ["In", "In 2"]


def test_a_library_that_crashes_is_named_and_costs_no_other(build, monkeypatch):
    folder = build("odd", "CRASHES").parent
    build("odd")
    shutil.copy(f"{DEBIAN}/amp.so", folder / "zzz.so")
    monkeypatch.setenv("LADSPA_PATH", str(folder))
    found = ladspa.index()
    assert set(found.plugins) == {"ladspa_odd_7", "ladspa_amp_mono_1048", "ladspa_amp_stereo_1049"}
    assert found.broken == {str(folder / "odd_crashes.so"): "it crashed when it was looked at (SIGSEGV)"}


def test_a_library_that_hangs_is_named(build, monkeypatch):
    folder = build("odd", "HANGS").parent
    build("odd")
    monkeypatch.setenv("LADSPA_PATH", str(folder))
    monkeypatch.setattr(ladspa, "SECONDS", 2.0)
    found = ladspa.index()
    assert set(found.plugins) == {"ladspa_odd_7"}
    assert found.broken == {str(folder / "odd_hangs.so"): "it did not answer within 2 seconds"}


def test_files_that_are_no_libraries_are_named_and_pipes_are_not_opened(tmp_path, monkeypatch):
    folder = tmp_path / "odd\nfolder"
    folder.mkdir()
    (folder / "text.so").write_text("no library")
    (folder / "notes.txt").write_text("no plugin")
    (folder / "gone.so").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.so")
    shutil.copy(f"{DEBIAN}/amp.so", folder)
    monkeypatch.setenv("LADSPA_PATH", f"{tmp_path / 'nowhere'}:{folder}:")
    found = ladspa.index()
    assert set(found.plugins) == {"ladspa_amp_mono_1048", "ladspa_amp_stereo_1049"}
    assert list(found.broken) == [str(folder / "text.so")]


def test_a_library_is_asked_once_and_again_when_it_has_changed(build, monkeypatch):
    asked = []
    ask = ladspa._asked
    monkeypatch.setattr(ladspa, "_asked", lambda paths: asked.extend(paths) or ask(paths))
    library = build("odd")
    monkeypatch.setenv("LADSPA_PATH", str(library.parent))
    for _ in range(3):
        assert set(ladspa.index().plugins) == {"ladspa_odd_7"}
    assert asked == [str(library)]
    other = build("odd", "NUMBER=8", into=library.parent)
    assert set(ladspa.index().plugins) == {"ladspa_odd_7", "ladspa_odd_8"}
    assert asked == [str(library), str(other)]
    os.replace(other, library)
    assert set(ladspa.index().plugins) == {"ladspa_odd_8"}
    library.unlink()
    assert not ladspa.index().plugins


def test_an_index_that_is_damaged_is_made_again(build, monkeypatch, tmp_path):
    monkeypatch.setenv("LADSPA_PATH", str(build("odd").parent))
    ladspa.index()
    (kept,) = (tmp_path / "index").iterdir()
    for content in (b"{}", b"[1]", b'{"a": 1}', b"\xff", b'{"%s": [[1, 2], 3]}' % str(build("odd")).encode()):
        ladspa.indices.write(kept.stem, content)
        assert set(ladspa.index().plugins) == {"ladspa_odd_7"}


def test_of_two_plugins_of_one_name_the_first_counts(build, monkeypatch, tmp_path):
    first, second = build("odd", into=tmp_path / "a"), build("odd", into=tmp_path / "b")
    monkeypatch.setenv("LADSPA_PATH", f"{second.parent}:{first.parent}")
    assert ladspa.index().plugins["ladspa_odd_7"].path == str(second)


def test_no_library_is_loaded_into_a_process_that_only_lists_them():
    program = """
from ipyclam_core import Network
net = Network()
net.amp = net.types.ladspa_amp_mono_1048
assert "Mono Amplifier" in net.types.ladspa_amp_mono_1048.__doc__
assert "/usr/lib/ladspa/" not in open("/proc/self/maps").read()
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "LADSPA_PATH": DEBIAN})


def test_the_page_of_a_plugin_names_its_author_and_its_copyright(installed):
    installed(DEBIAN)
    net = Network("clam")
    page = net.types.ladspa_plate_1423.__doc__
    assert page.startswith("ladspa_plate_1423 (LADSPA)\n\nPlate reverb: a LADSPA plugin by Steve Harris")
    assert "Copyright: GPL." in page
    assert "Damping : float, 0 to 1" in page


def test_plugins_are_found_by_words_of_their_authors(installed):
    installed(DEBIAN)
    assert "ladspa_plate_1423" in Network("clam").types.search("plate reverb")
    assert "ladspa_plate_1423" in Network("clam").types.search("ladspa steve harris plate")


def test_an_unknown_plugin_says_which_package_has_it_and_a_wrong_name_which_is_meant(installed):
    installed(DEBIAN)
    net = Network("clam")
    with pytest.raises(
        NoSuchType, match=r"'ladspa_tap_reverb_2142': this LADSPA plugin is not installed \(Debian: apt install tap-plugins"
    ):
        net.reverb = "ladspa_tap_reverb_2142"
    with pytest.raises(NoSuchType, match=r"did you mean 'ladspa_plate_1423'"):
        net.types.ladspa_plaite_1423
    with pytest.raises(NoSuchType, match=r"is not installed \(ipyclam looks in /usr/lib/ladspa\)"):
        net.types.ladspa_unheard_of_999999


def test_a_missing_plugin_may_be_in_a_library_that_crashes(build, installed):
    library = build("odd", "CRASHES")
    installed(str(library.parent))
    with pytest.raises(NoSuchType, match=rf"{library} cannot be used: it crashed when it was looked at \(SIGSEGV\)"):
        Network("clam").types.ladspa_odd_7


def test_a_network_with_a_missing_plugin_loads_and_says_what_to_install(tmp_path):
    net = Network("clam")
    net.reverb = Placeholder("ladspa_tap_reverb_2142", inports=["Input"])
    net.save(tmp_path / "a.clamnetwork")
    again = Network("clam")
    again.load(tmp_path / "a.clamnetwork")
    with pytest.raises(NotPlayable, match="apt install tap-plugins"):
        again.play("clock")
    again.close()
