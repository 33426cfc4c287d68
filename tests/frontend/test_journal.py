"""The journal: unsaved changes are on disk within a second, and come back after the end of their process."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from waiting import eventually

from ipyclam_core import Network, Placeholder
from ipyclam_core.frontend import journal
from ipyclam_core.frontend.journal import Journal, found
from ipyclam_core.frontend.operations import AddMany, Configure, SetControl
from ipyclam_core.frontend.portable import Reader, Writer


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("clam")
    yield network
    network.close()


@pytest.fixture
def kept(net: Network) -> Iterator[Journal]:
    net.proxy.mark_saved("/music/song.py")
    made = Journal(net.proxy)
    yield made
    made.close(remove=True)


def files() -> list[str]:
    return os.listdir(journal.folder()) if journal.folder().exists() else []


def again(which: int = 0) -> Network:
    """What a new session recovers."""
    network = Network("clam")
    assert found()[which].recover(network.proxy) == []
    return network


def patch(net: Network) -> None:
    """Some of all operations."""
    net.osc, net.out, net.amp = net.types.SimpleOscillator, net.types.AudioSink, net.types.AudioAmplifier
    net.out.NInputs = 2
    net.osc > net.amp
    net.amp.Audio_Output > net.out
    net.osc.Frequency, net.amp.Gain = 330, 0.5
    net.osc._position = (1e-5, 2.0)
    net.bank("s{}", net.types.Saw, 20, Frequency=np.linspace(100, 200, 20)) > net.out
    net.odd = Placeholder("Odd", inports=["In"], outports=["Out"], config={"Size": 3, "Deep": {"Numbers": (1, 2)}})
    net.odd.Deep.Numbers = (3, 4)
    net.description = "naïve\n\ud800"
    del net.s3
    net.s4.name = "saw"


def test_a_new_network_is_not_modified(net):
    assert not net.modified


def test_undoing_back_to_what_was_saved_is_no_change(net, tmp_path):
    net.osc = net.types.Saw
    assert net.modified
    net.save(tmp_path / "a.py")
    assert not net.modified
    net.osc.Frequency = 220
    assert net.modified
    net.undo()
    assert not net.modified
    net.redo()
    assert net.modified
    net.undo()
    net.undo()
    assert net.modified
    net.redo()
    assert not net.modified
    net.load(tmp_path / "a.py")
    assert not net.modified


def test_gestures_that_join_are_undone_to_where_they_began(net, tmp_path):
    net.osc = net.types.SimpleOscillator
    net.save(tmp_path / "a.py")
    for pitch in range(10):
        net.osc._incontrols.Pitch = 200 + pitch
    assert net.modified
    net.undo()
    assert not net.modified


def test_a_failed_save_leaves_it_modified(net, tmp_path):
    net.osc = net.types.Saw
    with pytest.raises(OSError, match="nowhere"):
        net.save(tmp_path / "nowhere" / "a.py")
    assert net.modified


def test_all_operations_come_back(net, kept):
    patch(net)
    kept.flush()
    patched = net.code()
    net.clear()
    patch(net)
    net.undo()
    net.redo()
    kept.close(remove=False)
    (one,) = found()
    assert (one.name, one.engine) == ("", "clam")  # a network that was cleared belongs to no file
    recovered = again()
    assert recovered.code() == patched == net.code()
    assert recovered.modified
    recovered.undo()
    assert len(recovered) == 0
    one.discard()
    assert found() == []


def test_what_is_recovered_has_the_types_of_the_prompt_as_placeholders(net, kept):
    net.wild = Placeholder("Wild", inports=["a", "b"], config={"x": 1.0})
    net.other = Placeholder("Wild", outports=["c"])
    kept.close(remove=False)
    recovered = again()
    assert [len(recovered.wild._inports), len(recovered.other._inports), len(recovered.other._outports)] == [2, 0, 1]


def test_many_of_a_type_that_is_gone_become_placeholders():
    spec = replace(Network("dummy").proxy.types()["Oscillator"], name="Gone", origin="__main__")
    operation = AddMany(("a", "b"), "Gone", {"Frequency": 1.0}, {"Amplitude": np.array([0.25, 0.5])})
    reader = Reader({})
    read = [each for line in Writer({"Gone": spec}).lines(operation) for each in reader.operations(line)]
    assert [each.name for each in read] == ["a", "a", "b", "b"]
    assert read[3] == Configure("b", {"Frequency": 1.0, "Amplitude": 0.5}, {})


def test_edits_are_on_disk_while_the_process_lives_and_only_until_they_are_saved(net, kept, tmp_path):
    net.osc = net.types.Saw
    eventually(lambda: len(files()), 1)
    assert found() == []  # this process has it
    net.save(tmp_path / "a.py")
    eventually(lambda: files(), [])
    net.osc.Frequency = 220
    eventually(lambda: len(files()), 1)
    net.undo()
    eventually(lambda: files(), [])


def test_changes_are_counted_from_the_last_save(net, kept, tmp_path):
    net.osc = net.types.Saw
    net.save(tmp_path / "a.py")
    net.osc.Frequency = 220
    net.osc.Frequency = 330
    kept.close(remove=False)
    assert [one.changes for one in found()] == [2]
    assert again().osc.Frequency == 330


def test_only_its_user_can_read_it(net, kept):
    net.osc = net.types.Saw
    kept.flush()
    (path,) = journal.folder().iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_not_written_whole_is_left_out(net, kept):
    net.osc = net.types.Saw
    kept.flush()
    net.osc.Frequency = 220
    net.amp = net.types.Gain
    kept.close(remove=False)
    (path,) = journal.folder().iterdir()
    whole = path.read_bytes()
    begin = whole.index(b'["Saved"')
    for end in range(whole.index(b"\n", begin) + 1, len(whole)):
        path.write_bytes(whole[:end])
        assert list(again()) == ["osc"]
    path.write_bytes(whole)
    assert list(again()) == ["osc", "amp"]


def test_files_that_are_no_journals_are_passed_over(net, kept):
    net.osc = net.types.Saw
    kept.close(remove=False)
    where = journal.folder()
    (where / "a.journal").write_text("{}\n")
    (where / "b.journal").write_bytes(b"\xff\x00" * 9000)
    (where / "c.journal").write_text(json.dumps({"ipyclam journal": 99}) + "\n")
    os.mkfifo(where / "d.journal")
    (where / "e.journal").mkdir()
    (where / "f.journal").symlink_to("/dev/zero")
    assert len(found()) == 1


def test_what_cannot_be_made_again_is_said_and_the_rest_comes_back(net, kept):
    net.osc = net.types.Saw
    kept.flush()
    net.amp = net.types.Gain
    kept.close(remove=False)
    (path,) = journal.folder().iterdir()
    path.write_text(path.read_text().replace('["Add","amp"', '["Configure","osc",{"Frequency":"high"},{}]\n["Add","amp"'))
    network = Network("clam")
    (problem,) = found()[0].recover(network.proxy)
    assert "osc.Frequency takes a float" in problem
    assert list(network) == ["osc", "amp"]


def test_values_played_fast_are_few_lines(net, kept):
    net.osc = net.types.SimpleOscillator
    kept.flush()
    for value in range(10_000):
        net.osc._incontrols.Pitch = float(value)
        net.osc._incontrols.Amplitude = value / 10_000
    kept.close(remove=False)
    (path,) = journal.folder().iterdir()
    assert path.stat().st_size < 100_000
    assert again().osc._incontrols.Pitch.value == 9999.0


def test_a_long_session_begins_again_with_a_snapshot(net, kept, monkeypatch):
    monkeypatch.setattr(journal, "LARGEST", 2000)
    net.osc = net.types.Saw
    for value in range(200):
        net.osc.Frequency = float(value)
        kept.flush()
    (path,) = journal.folder().iterdir()
    assert path.stat().st_size < 4000
    kept.close(remove=False)
    assert again().osc.Frequency == 199.0
    assert found()[0].changes == 201


def test_edits_of_several_threads_come_back(net, kept):
    def edit(k: int) -> None:
        for turn in range(30):
            net[f"n{k}_{turn}"] = net.types.Gain
            net[f"n{k}_{turn}"].Gain = turn
            if turn % 3 == 0:
                del net[f"n{k}_{turn}"]

    threads = [threading.Thread(target=edit, args=(k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        kept.flush()
    kept.close(remove=False)
    recovered = again()
    assert sorted(recovered.code().splitlines()) == sorted(net.code().splitlines())


def test_a_network_that_is_dropped_can_be_recovered(net):
    other = Network("clam")
    other.proxy.mark_saved("dropped.py")
    kept = Journal(other.proxy)
    other.osc = other.types.Saw
    kept.flush()
    other.close()
    del other
    eventually(lambda: [one.name for one in found()], ["dropped.py"])
    assert list(again()) == ["osc"]
    kept.close(remove=True)  # the session ends as it should
    assert files() == []


def test_a_journal_that_was_not_removed_in_time_counts_once(net, kept):
    """A process may end after a new journal is whole and before the old one is gone."""
    net.osc = net.types.Saw
    kept.flush()
    (old,) = journal.folder().iterdir()
    copy = old.read_bytes()
    net.proxy.mark_saved("/music/other.py")
    net.amp = net.types.Gain
    kept.flush()
    kept.close(remove=False)
    old.write_bytes(copy)
    (one,) = found()
    assert one.name == "/music/other.py"
    one.discard()
    assert files() == []


@pytest.mark.parametrize("at", ["first", "later"])
def test_a_full_disk_is_said_and_changes_go_on(net, kept, monkeypatch, at):
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if at == "later":
        net.amp = net.types.Gain
        kept.flush()
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        net.osc = net.types.Saw
        kept.flush()
    assert kept.problem.startswith("unsaved changes cannot be kept for a crash: No space left on device (")
    assert len(files()) == (at == "later")  # what was on disk stays there
    net.osc.Frequency = 220
    kept.flush()
    assert kept.problem == ""
    kept.close(remove=False)
    assert again().osc.Frequency == 220
    assert len(files()) == 1


def test_what_a_long_write_has_left_unfinished_hides_nothing(net, kept):
    net.osc = net.types.Saw
    kept.close(remove=False)
    (path,) = journal.folder().iterdir()
    with path.open("a") as file:
        file.write('["Add","more","Saw",null]\n' * 1000)
    assert list(again()) == ["osc"]
    assert found()[0].changes == 1


def test_a_network_that_was_changed_before_is_kept_with_its_changes(net):
    net.osc = net.types.Saw
    net.osc.Frequency = 220
    kept = Journal(net.proxy)
    kept.close(remove=False)
    assert found()[0].changes == 2
    assert again().osc.Frequency == 220


def test_a_child_process_leaves_the_journal_alone(net, kept):
    net.osc = net.types.Saw
    kept.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of forking with threads
        child = os.fork()
    if not child:
        net.osc.Frequency = 220
        kept.flush()
        os._exit(0 if net.proxy.kept is None and found() == [] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    kept.close(remove=False)
    assert again().osc.Frequency != 220


KILLED = """
import os, signal, sys, time
from ipyclam_core import Network
from ipyclam_core.frontend.journal import Journal, folder
net = Network("dummy")
net.proxy.mark_saved("killed.py")
kept = Journal(net.proxy)
for k in range(int(sys.argv[1])):
    net[f"o{k}"] = net.types.Oscillator
kept.flush()
print("written", flush=True)
while True:
    net.more = net.types.Oscillator
    del net.more
"""


@pytest.mark.slow
def test_the_changes_of_a_killed_process_are_found():
    with subprocess.Popen([sys.executable, "-c", KILLED, "30"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        assert found() == []  # it lives
        process.send_signal(signal.SIGKILL)
    (one,) = found()
    network = Network("dummy")
    assert one.recover(network.proxy) == []
    assert [name for name in network if name != "more"] == [f"o{k}" for k in range(30)]


@pytest.mark.slow
def test_a_file_size_limit_is_a_full_disk():
    code = KILLED.split('print("written"')[0] + "print(kept.problem, len(net))"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))

    done = subprocess.run([sys.executable, "-c", code, "50"], preexec_fn=limit, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("unsaved changes cannot be kept for a crash: File too large (")
    assert done.stdout.endswith(" 50\n")
    for one in found():  # what was written before it was full
        assert one.recover(Network("dummy").proxy) == []


def test_repeated_controls_keep_their_order_around_edits():
    steps = [
        SetControl("a", "x", 1.0),
        SetControl("b", "x", 2.0),
        SetControl("a", "x", 3.0),
        Configure("a", {}, {}),
        SetControl("a", "x", 4.0),
    ]
    assert list(journal._without_repeated_controls(iter(steps))) == [steps[2], steps[1], steps[3], steps[4]]


@pytest.mark.parametrize(
    "damage",
    [
        b'["Confi\x01gure","amp"', b"null", b'["x"]', b"{}", b'["Connect",{"kind":"Port"}]', b'["SetControl","amp"]', b'["Add"]', b"[[]]",
        b'["Place","amp",["a","b"],null]', b'["AddMany",["q"],"Gain",{},{"Gain":3}]', b"[" * 100_000, b'["SetFile",[1]]',
    ],
)  # fmt: skip
def test_a_damaged_line_is_left_out_and_told_and_all_others_come_back(net, kept, damage):
    net.osc, net.amp = net.types.Saw, net.types.Gain
    kept.flush()
    net.osc > net.amp
    kept.close(remove=False)
    (path,) = journal.folder().iterdir()
    first, *lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([first, lines[0], damage, *lines[1:]]))
    network = Network("clam")
    (one,) = found()
    assert len(one.recover(network.proxy)) == 1
    assert network.code() == net.code()


@pytest.mark.parametrize(
    ("old", "new"), [(b'["Saved", ', b'["Saved", 1e999, '), (b'"begun": ', b'"begun": 1e999, "x": '), (b'"engine"', b'"motor"')]
)
def test_a_damaged_journal_does_not_hide_the_others(net, kept, old, new):
    net.osc = net.types.Saw
    kept.close(remove=False)
    (path,) = journal.folder().iterdir()
    path.with_name(f"x{path.name}").write_bytes(path.read_bytes().replace(old, new))
    assert "osc" in again([one.path for one in found()].index(path))
