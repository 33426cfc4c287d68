"""The cache folder: files appear as a whole, those that nobody uses go, and several processes may do all of that at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ipyclam_core.system import cache
from ipyclam_core.system.cache import DAY, Cache

KEYS = [f"{number:040x}" for number in range(8)]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """An empty cache."""
    monkeypatch.setenv("IPYCLAM_CACHE", str(tmp_path))
    return Cache("things", ".t")


def age(kept: Cache, key: str, days: float, suffix: str = ".t") -> Path:
    path = kept.folder / (key + suffix)
    path.touch()
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


def names(kept: Cache) -> set[str]:
    return set(os.listdir(kept.folder))


def test_what_was_written_is_read(kept: Cache) -> None:
    assert kept.read(KEYS[0]) is None
    kept.write(KEYS[0], b"some")
    assert kept.read(KEYS[0]) == b"some"
    assert kept.read(KEYS[1]) is None
    assert names(kept) == {f"{KEYS[0]}.t"}


def test_a_damaged_or_foreign_file_counts_as_missing(kept: Cache) -> None:
    kept.write(KEYS[0], b"some")
    path = kept.folder / f"{KEYS[0]}.t"
    whole = path.read_bytes()
    for k in range(len(whole)):
        path.write_bytes(whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :])
        assert kept.read(KEYS[0]) is None
        path.write_bytes(whole[:k])
        assert kept.read(KEYS[0]) is None
    path.write_bytes(whole)
    (kept.folder / f"{KEYS[1]}.t").write_bytes(whole)  # another's
    assert kept.read(KEYS[1]) is None
    assert kept.read(KEYS[0]) == b"some"


def test_what_was_not_used_for_ninety_days_is_removed(kept: Cache) -> None:
    for key in KEYS[:3]:
        kept.write(key, b"some")
    age(kept, KEYS[0], 91)
    age(kept, KEYS[1], 89)
    age(kept, KEYS[2], -400)  # the clock was wrong
    kept.prune()
    assert names(kept) == {f"{key}.t" for key in KEYS[1:3]}


def test_what_is_read_is_in_use(kept: Cache) -> None:
    kept.write(KEYS[0], b"some")
    for _ in range(3):
        age(kept, KEYS[0], 60)
        assert kept.read(KEYS[0]) == b"some"
        assert time.time() - (kept.folder / f"{KEYS[0]}.t").stat().st_mtime < 60
    kept.prune()
    assert kept.read(KEYS[0]) == b"some"


def test_beyond_a_size_those_unused_for_longest_are_removed(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    for days, key in enumerate(KEYS):
        kept.write(key, bytes(900))
        age(kept, key, days)
    monkeypatch.setattr(cache, "LARGEST", 3500)
    kept.prune()
    assert names(kept) == {f"{key}.t" for key in KEYS[:3]}


def test_files_of_others_are_left_alone(kept: Cache, tmp_path: Path) -> None:
    kept.write(KEYS[0], b"some")
    old = [age(kept, "notes", 1000, ".txt"), age(kept, "short", 1000), age(kept, KEYS[1], 1000, ".o")]
    (kept.folder / f"{KEYS[2]}.t").mkdir()
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (kept.folder / f"{KEYS[3]}.t").symlink_to(outside)
    os.utime(outside, (0, 0))
    kept.prune()
    assert all(path.exists() for path in old)
    assert (kept.folder / f"{KEYS[2]}.t").is_dir()
    assert (kept.folder / f"{KEYS[3]}.t").is_symlink()
    assert outside.read_text() == "mine"


def test_what_a_process_that_was_killed_left_half_written_is_removed(kept: Cache) -> None:
    kept.write(KEYS[0], b"some")
    left, being_written = age(kept, ".newabc", 2, ""), age(kept, ".newdef", 0.5, "")
    kept.prune()
    assert not left.exists()
    assert being_written.exists()


def test_writing_prunes_now_and_then(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "PRUNE_EVERY", 3)
    Cache("things", ".t").write(KEYS[0], b"some")
    age(kept, KEYS[0], 1000)
    kept.write(KEYS[1], b"some")  # the first of this one
    assert names(kept) == {f"{KEYS[1]}.t"}
    age(kept, KEYS[1], 1000)
    for key in KEYS[2:4]:
        kept.write(key, b"some")
    assert f"{KEYS[1]}.t" in names(kept)
    kept.write(KEYS[4], b"some")
    assert names(kept) == {f"{key}.t" for key in KEYS[2:5]}


BUSY = """
import random, sys
from ipyclam_core.system import cache
cache.LARGEST = 4000
kept, chance = cache.Cache("things", ".t"), random.Random(int(sys.argv[1]))
read = 0
for _ in range(1500):
    key = f"{chance.randrange(12):040x}"
    held = kept.read(key)
    assert held in (None, key.encode() * 20), held
    read += held is not None
    if held is None:
        kept.write(key, key.encode() * 20)
    if chance.random() < 0.2:
        kept.prune()
assert read > 20, read
"""


def test_several_processes_read_write_and_prune_at_once(kept: Cache) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", BUSY, str(seed)], stderr=subprocess.PIPE, text=True) for seed in range(3)]
    told = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    kept.prune()
    assert not [name for name in names(kept) if name.startswith(".new")]


def test_a_folder_that_cannot_be_written_to_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYCLAM_CACHE", "/dev/null/ipyclam")
    nowhere = Cache("things", ".t")
    nowhere.write(KEYS[0], b"some")
    nowhere.prune()
    assert nowhere.read(KEYS[0]) is None
