"""A sampler of many sounds, each a voice, which messages start and stop."""

from __future__ import annotations

import os

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_control, out_port, processing
from .._sampler_messages import LOOPS, MESSAGE, PLAYS, VOICE
from ._streams import frames_and_channels
from .readers import LARGEST, problem_in_memory
from .sampler import FADE, loaded

MOST = 1024  # sounds
SILENT = -1


def paths_of(folder, names):
    """The files of a list of names."""
    listed = [name.strip() for name in names.replace("\n", ",").split(",")]
    return [os.path.join(folder, name) for name in listed if name]


def problem_of_sounds(folder, names):
    """Why these sounds cannot be played, or ``""``."""
    paths = paths_of(folder, names)
    if not paths:
        return "no sounds are chosen: set Samples, as in 'kick.wav, snare.wav'"
    if len(paths) > MOST:
        return f"Samples has {len(paths):,} sounds: a sampler has at most {MOST}"
    for path in dict.fromkeys(paths):
        if problem := problem_in_memory(path, 0):
            return problem
    if sum(frames_and_channels(path)[0] for path in paths) > LARGEST:
        return f"these sounds have more than {LARGEST:,} frames together: use fewer of them, or several samplers"
    return ""


def begin(state, voice, place):
    """Let a voice play from a place, or be silent. A sound that is cut off fades out."""
    if state.places[voice] != SILENT:
        state.cut[voice], state.fades[voice] = state.places[voice], 1.0
    state.places[voice] = place


def mix(state, voice, output, fading, frames):
    """Add a voice to the output, and the end of what it played before."""
    first, length = state.begins[voice], state.begins[voice + 1] - state.begins[voice]
    samples = state.samples
    for i in range(frames):
        place = state.places[voice]
        if place >= length:
            place = 0 if state.loops[voice] and length > 0 else SILENT
        if place != SILENT:
            output[i] += samples[first + place]
            place += 1
        state.places[voice] = place
        if state.fades[voice] > 0.0:
            left = state.cut[voice]
            if left >= length and state.loops[voice]:
                left = 0
            if left < length:
                output[i] += float32(state.fades[voice]) * samples[first + left]
            state.cut[voice] = left + 1
            state.fades[voice] -= fading


@processing(
    category="[plugin] Sampler",
    source="CLAM MultiSampler",
    synonyms=("sample player", "drum machine", "drum kit", "sound effects", "soundfile", "wav", "sample", "looper", "rompler"),
)
class MultiSampler:
    """Plays several audio files from memory, each as a voice of its own, whenever a message starts it.

    A message is a number: four times the voice, counted from 0, plus 1 to play it from its beginning, plus 2 to loop it. So 1
    plays the first file, 5 the second, 7 loops the second, and 4 stops it. It has to come while the network plays.
    A sound that is cut off fades out in 5 ms. With `LoopDefaultState`, the first file is looped from the start.
    """

    LoopDefaultState = config(False, doc="loop the first file until a message comes for it")
    BasePath = config("./", type="directory", doc="folder of the files")
    Samples = config("", type="text", doc="names of the files, separated by commas; their first channel is played")
    output = out_port("audio out port")
    message = in_control("In control messages (voice-play-loop)", type=MESSAGE, doc="4 * voice + 2 * loop + play")

    class State:
        places: Array[int64]
        loops: Array[bool]
        cut: Array[int64]  # the place of a sound that was cut off, and how much of it is left
        fades: Array[float]

    class Prepared:
        samples: Array[float32]
        begins: Array[int64]

    def problem(BasePath, Samples):
        return problem_of_sounds(BasePath, Samples)

    def initial(LoopDefaultState, BasePath, Samples):
        voices = max(len(paths_of(BasePath, Samples)), 1)
        first = np.arange(voices) == 0
        return {
            "places": np.where(first & LoopDefaultState, 0, SILENT),
            "loops": first & LoopDefaultState,
            "cut": np.zeros(voices, np.int64),
            "fades": np.zeros(voices),
        }

    def prepare(BasePath, Samples, sample_rate):
        sounds = [loaded(path, 0, 1, None, sample_rate) for path in paths_of(BasePath, Samples)]
        samples = np.concatenate([np.zeros(0, np.float32), *sounds])
        samples.flags.writeable = False
        return {"samples": samples, "begins": np.cumsum([0, *map(len, sounds)], dtype=np.int64)}

    def process(state, output, message, message_arrived, sample_rate, frames):
        voices = len(state.begins) - 1
        if message_arrived > 0 and 0.0 <= message < VOICE * voices:
            number = int64(message)
            voice = number // VOICE
            state.loops[voice] = number & LOOPS != 0
            begin(state, voice, 0 if number & PLAYS else SILENT)
        for i in range(frames):
            output[i] = float32(0.0)
        fading = 1.0 / max(FADE * sample_rate, 1.0)
        for voice in range(voices):
            if state.places[voice] != SILENT or state.fades[voice] > 0.0:
                mix(state, voice, output, fading, frames)
