"""An example for each processing type: the statements that build a network in which one hears it.

`it` stands for the processing that the page is about. A type that is not in `EXAMPLES` gets the example of its shape: an
effect on a riff, a generator alone, a control that modulates the pitch of an oscillator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ipyclam_core.proxy import TypeSpec


@dataclass(frozen=True)
class Example:
    """Statements, and the sound that the network's source plays: a key of `sources.SOURCES`, or none."""

    code: str
    source: str = ""


def example(spec: TypeSpec) -> Example:
    """The example of a type, with the type's name filled in."""
    made = EXAMPLES.get(spec.name) or of_shape(spec)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", spec.name).lower()
    code = re.sub(r"\bIt\b", spec.name, re.sub(r"\bnet\.it\b", f"net.{name}", made.code))
    return Example(code.strip(), made.source)


def of_shape(spec: TypeSpec) -> Example:
    connectors = spec.connectors(spec.defaults)
    ins, outs = connectors.inports, connectors.outports
    if any(port.type in MODEL for port in (*ins, *outs)):
        return of_model([(port.name, port.type) for port in ins], [(port.name, port.type) for port in outs])
    if any(port.type in HEADS and port.type != "AudioBuffer" for port in (*ins, *outs)):
        return of_frames([(port.name, port.type) for port in ins], [(port.name, port.type) for port in outs])
    if ins and outs:
        return effect()
    if ins:
        return monitor()
    return generator() if outs else modulator()


def of_frames(ins: list[tuple[str, str]], outs: list[tuple[str, str]], *settings: str) -> Example:
    """A riff as the frames that it takes, and sound of the frames that it puts out; one that only shows frames leaves the riff alone."""
    heads = {type_: HEADS[type_] for _, type_ in ins}
    outs = outs if outs and outs[0][1] in TAILS else []
    tail = TAILS[outs[0][1]] if outs else ()
    made = dict(step for steps in (*heads.values(), tail) for step in steps)
    source = ["net.input = net.types.AudioSource"] if ins else []
    wires = [f"net.input > {' > '.join(f'net.{name}' for name, _ in steps)}" for steps in heads.values() if steps]
    for port, type_ in ins:
        before = heads[type_][-1][0] if heads[type_] else "input"
        wires.append(f"net.{before} > net.it[{port!r}]".replace("'", '"'))
    after = " > ".join([*(f"net.{name}" for name, _ in tail), "net.out"])
    wires.append(f"net.it[{outs[0][0]!r}] > {after}".replace("'", '"') if outs else "net.input > net.out")
    types = [f"net.{name} = net.types.{type_}" for name, type_ in made.items()]
    code = [*source, *types, "net.it = net.types.It", *settings, "net.out = net.types.AudioSink", *wires]
    return Example(lines(*code), "riff" if ins else "")


Steps = tuple[tuple[str, str], ...]
BUFFERED: Steps = (("buffer", "AudioStream2Buffer"), ("fft", "MyFFT"))
STREAMED: Steps = (("ifft", "MyIFFT"), ("stream", "AudioBuffer2Stream"))
HEADS: dict[str, Steps] = {
    "Audio": (),
    "AudioBuffer": BUFFERED[:1],
    "Spectrum": (("analysis", "SpectralAnalysis"),),
    "ComplexSpectrum": BUFFERED,
    "MagPhaseSpectrum": (*BUFFERED, ("polar", "Complex2MagPhaseSpectrum")),
    "MelSpectrum": (("analysis", "SpectralAnalysis"), ("mel", "MelFilterBank")),
    "MelCepstrum": (("analysis", "SpectralAnalysis"), ("mel", "MelFilterBank"), ("mfcc", "CepstralTransform")),
    "LPModel": (("buffer", "AudioStream2Buffer"), ("lpc", "LPC_AutoCorrelation")),
}
"""From samples to frames of each data type: names and types, in the order of their wires."""
TAILS: dict[str, Steps] = {
    "Audio": (),
    "AudioBuffer": STREAMED[1:],
    "Spectrum": (("synthesis", "SpectralSynthesis"), ("overlap", "OverlapAdd")),
    "ComplexSpectrum": STREAMED,
    "MagPhaseSpectrum": (("cartesian", "MagPhase2ComplexSpectrum"), *STREAMED),
}
"""From frames of each data type to samples."""


MODEL = {"SpectralPeakArray": ("Sinusoidal_Peaks", "InputSinPeaks"), "Fundamental": ("Fundamental", "")}
"""The ports of `SMSAnalysisCore` and of `SMSSynthesis` for the data types of spectral modelling."""
RESIDUAL = ("Residual_Spectrum", "InputResSpectrum")


def of_model(ins: list[tuple[str, str]], outs: list[tuple[str, str]], *settings: str) -> Example:
    """A riff is taken apart and put together again, with it between; one without inputs is heard through a synthesis alone."""
    shown, ports = not outs, {**MODEL, "Spectrum": RESIDUAL}
    analysis = ["net.input = net.types.AudioSource", "net.analysis = net.types.SMSAnalysisCore"] if ins else []
    wires = ["net.input > net.analysis.Input_Audio"] if ins else []
    wires += [f"net.analysis.{ports[type_][0]} > net.it.{name.replace(' ', '_')}" for name, type_ in ins]
    goals = {ports[type_][1]: name.replace(" ", "_") for name, type_ in outs if ports[type_][1]}
    for port, goal in (MODEL["SpectralPeakArray"], RESIDUAL) if ins else ():
        if goal not in goals and not shown:
            wires.append(f"net.analysis.{port} > net.synthesis.{goal}")
    wires += [f"net.it.{name} > net.synthesis.{goal}" for goal, name in goals.items()]
    synthesis = [] if shown else [f"net.synthesis = net.types.{'SMSSynthesis' if ins else 'SinusoidalSynthesis'}"]
    wires.append("net.input > net.out" if shown else "net.synthesis.OutputAudio > net.out")
    return Example(
        lines(*analysis, "net.it = net.types.It", *settings, *synthesis, "net.out = net.types.AudioSink", *wires), "riff" if ins else ""
    )


PEAKS_PORTS = [("In SpectralPeaks", "SpectralPeakArray")], [("Out SpectralPeaks", "SpectralPeakArray")]
RESIDUAL_PORTS = [("In Spectrum", "Spectrum")], [("Out Spectrum", "Spectrum")]
MODEL_PORTS = tuple(
    [*peaks, (f"{way} Fundamental", "Fundamental"), *residual]
    for way, peaks, residual in zip(("In", "Out"), PEAKS_PORTS, RESIDUAL_PORTS, strict=True)
)


def convolved(response: str = "loader", port: str = "W", convolution: str = "convolution", *settings: str, **others: str) -> Example:
    """A riff that is convolved with the response of a port; `others` are more processings, by name."""
    made = {"buffer": "AudioStream2Buffer", "fft": "MyFFT", "loader": "ImpulseResponseLoader", "convolution": "LowLatencyConvolution"}
    names = {**made, **others}
    if response != "loader" and "loader" not in " ".join(settings):
        del names["loader"]
    if convolution != "convolution":
        del names["convolution"]
    types = [f"net.{name} = net.types.{type_}" for name, type_ in {**names, "ifft": "MyIFFT", "stream": "AudioBuffer2Stream"}.items()]
    file = ['net.loader.ImpulseResponse = "hall.wav"'] if "loader" in names else []
    return Example(
        lines(
            "net.input = net.types.AudioSource",
            *types,
            "net.it = net.types.It",
            "net.out = net.types.AudioSink",
            *file,
            *settings,
            f"net.input > net.buffer > net.fft > net.{convolution}.Input",
            f"net.{response}.{port} > net.{convolution}.ImpulseResponse",
            f"net.{convolution} > net.ifft > net.stream > net.out",
        ),
        "riff",
    )


def faded(response: str, port: str, delay: str, switch: str, *settings: str, wires: tuple[str, ...] = (), **others: str) -> Example:
    """A riff that is convolved with a response that changes, by two convolutions."""
    twice = {f"{name}{k}": type_ for k in (1, 2) for name, type_ in (("convolution", "LowLatencyConvolution"), *STREAMED)}
    made = {"buffer": "AudioStream2Buffer", "fft": "MyFFT", **others, **twice}
    sides = [
        f"net.{delay}.{name} > net.convolution{k}.ImpulseResponse, net.{delay}.{name} > net.{switch}.ImpulseResponse{k}, "
        f"net.fft > net.convolution{k}.Input, net.convolution{k} > net.ifft{k} > net.stream{k} > net.{switch}.Audio{k}"
        for k, name in ((1, "Current_IR"), (2, "Previous_IR"))
    ]
    return Example(
        lines(
            "net.input = net.types.AudioSource",
            *(f"net.{name} = net.types.{type_}" for name, type_ in made.items()),
            "net.it = net.types.It",
            "net.out = net.types.AudioSink",
            *settings,
            "net.input > net.buffer > net.fft",
            *wires,
            f"net.{response}.{port} > net.{delay}.Input_IR",
            *sides,
            f"net.{switch} > net.out",
        ),
        "riff",
    )


def tonal(port: str) -> Example:
    """It shows what a tonal analysis of a riff puts out."""
    return Example(
        lines(
            "net.input = net.types.AudioSource", "net.tonal = net.types.TonalAnalysis", "net.it = net.types.It",
            "net.out = net.types.AudioSink", f"net.input > net.tonal, net.tonal.{port} > net.it", "net.input > net.out",
        ),
        "riff",
    )  # fmt: skip


def turning() -> list[str]:
    """An LFO turns the direction of a head."""
    return ["net.lfo._config.Maximum = 360", 'net.lfo.Shape = "Saw Up"', 'net.head.HrtfDatabase = "head.hrtfs"']


def among(*types: str) -> Example:
    """It and others in a chain from a riff to a sink, all given by their types."""
    names = {type_: "it" if type_ == "It" else type_.lower() for type_ in types}
    made = [f"net.{names[type_]} = net.types.{type_}" for type_ in types]
    chain = " > ".join(["net.input", *(f"net.{names[type_]}" for type_ in types), "net.out"])
    return Example(lines("net.input = net.types.AudioSource", *made, "net.out = net.types.AudioSink", chain), "riff")


def effect(*settings: str, source: str = "riff", channels: int = 1, kind: str = "Audio") -> Example:
    """One input, and as many outputs as `channels`."""
    return Example(
        lines(
            f"net.input = net.types.{kind}Source",
            "net.it = net.types.It",
            *settings,
            f"net.out = net.types.{kind}Sink",
            *([f"net.out.NSinks = {channels}"] if channels > 1 else []),
            "net.input > net.it > net.out",
        ),
        source,
    )


def buffers(*settings: str, source: str = "riff", channels: int = 1) -> Example:
    return effect(*settings, source=source, channels=channels, kind="AudioBuffer")


def monitor(kind: str = "Audio", *settings: str) -> Example:
    """It takes a signal, which one hears besides."""
    return Example(
        lines(
            f"net.input = net.types.{kind}Source", "net.it = net.types.It", *settings, f"net.out = net.types.{kind}Sink",
            "net.input > net.it", "net.input > net.out",
        ),
        "drums",
    )  # fmt: skip


def generator(*settings: str) -> Example:
    return Example(lines("net.it = net.types.It", *settings, "net.out = net.types.AudioSink", "net.it > net.out"))


def modulator(
    *settings: str, into: str = "", out: str = "", low: float = 110, high: float = 440, shape: str = "Triangle", rate: float = 1
) -> Example:
    """An LFO, whose values go through it to the pitch of an oscillator."""
    return Example(
        lines(
            *lfo(low, high, shape, rate), "net.it = net.types.It", *settings, *oscillator(),
            f"net.lfo > net.it{into}", f"net.it{out} > net.osc.Pitch",
        )
    )  # fmt: skip


def sender(*settings: str, out: str = "") -> Example:
    """It sends the pitch of an oscillator."""
    return Example(lines("net.it = net.types.It", *settings, *oscillator(), f"net.it{out} > net.osc.Pitch"))


def display(*settings: str, into: str = "") -> Example:
    """It shows the values of an LFO, which one hears as the pitch of an oscillator."""
    return Example(
        lines(
            *lfo(220, 440, "Random", 8), "net.it = net.types.It", *settings, *oscillator(),
            f"net.lfo > net.it{into}", "net.lfo > net.osc.Pitch",
        )
    )  # fmt: skip


def received(*settings: str) -> Example:
    """It receives the values of an LFO as OSC messages, on a port of this machine."""
    return Example(
        lines(
            *lfo(220, 440, "Random", 8), "net.remote = net.types.LibloSink", "net.remote.ServerPort = 9000",
            'net.remote.OSCTypeSpec = "f"', "net.it = net.types.It", *settings, *oscillator(),
            "net.lfo > net.remote._incontrols[1]", "net.it > net.osc.Pitch",
        )
    )  # fmt: skip


def song(*types: str, after: tuple[str, ...] = ()) -> Example:
    """A MIDI file, whose messages go through others to an oscillator; `after` are the wires behind the last of them."""
    names = ["it" if type_ == "It" else type_.lower() for type_ in types]
    return Example(
        lines(
            *(f"net.{name} = net.types.{type_}" for name, type_ in zip(names, types, strict=True)), *oscillator(),
            f'net.{names[0]}.SourceFile = "tune.mid"', f"net.{' > net.'.join(names)}", *after,
        )
    )  # fmt: skip


def played(frequency: str, amplitude: str) -> tuple[str, ...]:
    """Wires to the pitch and the amplitude of an oscillator."""
    return f"net.{frequency} > net.osc.Pitch", f"net.{amplitude} > net.osc.Amplitude"


def keyboard(*settings: str, note: str, into: str = "") -> Example:
    """It sends the notes of a keyboard to an oscillator."""
    return Example(
        lines(
            "net.it = net.types.It", *settings, "net.frequency = net.types.ControlMapper", 'net.frequency.Mapping = "NoteToFreq"',
            *oscillator(), f"net.it.{note} > net.frequency{into} > net.osc.Pitch",
        )
    )  # fmt: skip


def loudness(*settings: str, into: str = "", out: str = "", low: float = 0, high: float = 1, **options: object) -> Example:
    """An LFO, whose values go through it to the gain of a sawtooth."""
    return Example(
        lines(
            *lfo(low, high, str(options.get("shape", "Triangle")), float(str(options.get("rate", 1)))), "net.it = net.types.It", *settings,
            *saw(), "net.gain = net.types.Gain", "net.out = net.types.AudioSink",
            f"net.lfo > net.it{into}", f"net.it{out} > net.gain.Gain", "net.saw > net.gain > net.out",
        )
    )  # fmt: skip


def two(first: str, second: str, *settings: str) -> Example:
    """Two oscillators into its two inputs."""
    return Example(
        lines(
            "net.low = net.types.Sine", "net.low.Frequency = 220", "net.low._config.Amplitude = 0.4",
            "net.high = net.types.Sine", "net.high.Frequency = 275", "net.high._config.Amplitude = 0.4",
            "net.it = net.types.It", *settings, "net.out = net.types.AudioSink",
            f"net.low > net.it{first}", f"net.high > net.it{second}", "net.it > net.out",
        )
    )  # fmt: skip


def field(*settings: str, channels: int = 2, order: int = 1, encoder: str = "HoaEncoder", kind: str = "Audio") -> Example:
    """A riff that is placed in a sound field, which it decodes or turns."""
    return Example(
        lines(
            f"net.input = net.types.{kind}Source", f"net.encoder = net.types.{encoder}", f"net.encoder.Order = {order}",
            "net.encoder.azimuth = 30", "net.it = net.types.It", *settings, f"net.out = net.types.{kind}Sink",
            f"net.out.NSinks = {channels}", "net.input > net.encoder > net.it", "net.it > net.out",
        ),
        "riff",
    )  # fmt: skip


def around(control: str, kind: str = "Audio", channels: int = 2) -> Example:
    """A panner, whose direction an LFO turns."""
    return Example(
        lines(
            *lfo(0, 360, "Saw Up", 1), f"net.input = net.types.{kind}Source", "net.it = net.types.It", f"net.out = net.types.{kind}Sink",
            f"net.out.NSinks = {channels}", f"net.lfo > net.it.{control}", "net.input > net.it > net.out",
        ),
        "riff",
    )  # fmt: skip


def player(*settings: str) -> Example:
    return generator('net.it.SourceFile = "drums.flac"', *settings)


def swept(control: str, low: float, high: float, *settings: str, source: str = "riff", kind: str = "Audio", **options: object) -> Example:
    """An effect with a control that an LFO moves."""
    shape, rate = str(options.get("shape", "Triangle")), float(str(options.get("rate", 0.5)))
    return Example(
        lines(
            *lfo(low, high, shape, rate), f"net.input = net.types.{kind}Source", "net.it = net.types.It", *settings,
            f"net.out = net.types.{kind}Sink", f"net.lfo > net.it.{control}", "net.input > net.it > net.out",
        ),
        source,
    )  # fmt: skip


def lfo(low: float, high: float, shape: str, rate: float) -> list[str]:
    return [
        "net.lfo = net.types.LFO",
        *([f'net.lfo.Shape = "{shape}"'] if shape != "Sine" else []),
        *([f"net.lfo._config.Rate = {rate:g}"] if rate != 1 else []),
        f"net.lfo._config.Minimum = {low:g}",
        f"net.lfo._config.Maximum = {high:g}",
    ]


def oscillator() -> list[str]:
    return ["net.osc = net.types.Triangle", "net.out = net.types.AudioSink", "net.osc > net.out"]


def saw() -> list[str]:
    return ["net.saw = net.types.Saw", "net.saw.Frequency = 110"]


def lines(*each: str) -> str:
    return "\n".join(each)


def delay(width: float, frequency: float, centre: float, *settings: str, channels: int = 2) -> Example:
    """A modulated delay."""
    return buffers(
        f"net.it.width_in_msecs = {width:g}", f"net.it.freq_in_Hz = {frequency:g}", f"net.it.centerTap_msecs = {centre:g}", *settings,
        channels=channels,
    )  # fmt: skip


EXAMPLES = {
    # Frames
    **dict.fromkeys(("FFT", "FFT_fftw3", "FFT_ooura", "FFT_numrec"), among("It", "IFFT")),
    **dict.fromkeys(("IFFT", "IFFT_fftw3"), among("FFT", "It")),
    "SpectralSynthesis": among("SpectralAnalysis", "It", "OverlapAdd"),
    "OverlapAdd": among("SpectralAnalysis", "SpectralSynthesis", "It"),
    "ComplexSpectrumMixer": of_frames(
        [("Term1", "ComplexSpectrum"), ("Term2", "ComplexSpectrum")], [("Mixer", "ComplexSpectrum")],
        "net.it.Gain1 = 0.5", "net.it.Gain2 = 0.5",
    ),
    "SpectralReverse": Example(
        lines(
            "net.osc = net.types.Sine", "net.osc.Frequency = 21500", "net.analysis = net.types.SpectralAnalysis", "net.it = net.types.It",
            "net.synthesis = net.types.SpectralSynthesis", "net.overlap = net.types.OverlapAdd", "net.out = net.types.AudioSink",
            "net.osc > net.analysis > net.it > net.synthesis > net.overlap > net.out",
        )
    ),
    "SpectrumSubstracter2": Example(
        lines(
            "net.input = net.types.AudioSource", "net.tone = net.types.Sine", "net.one = net.types.SpectralAnalysis",
            "net.two = net.types.SpectralAnalysis", "net.it = net.types.It", "net.synthesis = net.types.SpectralSynthesis",
            "net.overlap = net.types.OverlapAdd", "net.out = net.types.AudioSink", "net.input > net.one > net.it.Input_1",
            "net.tone > net.two > net.it.Input_2", "net.it > net.synthesis > net.overlap > net.out",
        ),
        "riff",
    ),
    "SpectralExciter": of_frames(
        [("In Spectrum", "Spectrum")], [("Out Spectrum", "Spectrum")],
        "net.it.HighCutoff = 1000", "net.it.Threshold = -60", "net.it.HarmonicsGain = -12",
    ),
    "SpectralFocus": of_frames([("InSpectrum", "Spectrum")], [("OutSpectrum", "Spectrum")], "net.it.Focus_Amount = 100"),
    "SpectralSpread": of_frames([("InSpectrum", "Spectrum")], [("OutSpectrum", "Spectrum")]),
    "IncoherenceCompensator": of_frames(
        [], [("Complex Spectrum", "ComplexSpectrum")], "net.it.Deviation = 100"
    ),
    # Spectral modelling
    "SMSAnalysisCore": Example(
        lines(
            "net.input = net.types.AudioSource", "net.it = net.types.It", "net.synthesis = net.types.SMSSynthesis",
            "net.out = net.types.AudioSink", "net.input > net.it", "net.it.Sinusoidal_Peaks > net.synthesis.InputSinPeaks",
            "net.it.Residual_Spectrum > net.synthesis.InputResSpectrum", "net.synthesis.OutputAudio > net.out",
        ),
        "riff",
    ),
    **{
        name: Example(
            lines(
                "net.input = net.types.AudioSource", "net.analysis = net.types.SMSAnalysisCore", "net.it = net.types.It",
                "net.out = net.types.AudioSink", "net.input > net.analysis", "net.analysis.Sinusoidal_Peaks > net.it.InputSinPeaks",
                *residual, "net.it.OutputAudio > net.out",
            ),
            "riff",
        )
        for name, residual in {
            "SMSSynthesis": ["net.analysis.Residual_Spectrum > net.it.InputResSpectrum"], "SinusoidalSynthesis": [],
        }.items()
    },
    "SDIFInStreaming": of_model(
        [], [("Sinusoidal Peaks", "SpectralPeakArray")], 'net.it.FileName = "choir.sdif"'
    ),
    "SMSTranspose": of_model(*PEAKS_PORTS, "net.it.Transpose_amount = 7"),
    "SMSFreqShift": of_model(*PEAKS_PORTS, "net.it.Shift_Steps = 100"),
    "SMSSinusoidalGain": of_model(*PEAKS_PORTS, "net.it.Gain = -12"),
    "SMSOddEvenHarmonicRatio": of_model(*PEAKS_PORTS, "net.it.Odd_Factor = 12"),
    "SMSSpectralShapeShift": of_model(*PEAKS_PORTS, "net.it.Shift_Steps = 200"),
    "SMSSineFilter": of_model(*PEAKS_PORTS, "net.it.Index = 0", "net.it.Gain = -40", "net.it.UpdateBPF = 1"),
    "SMSResidualGain": of_model(*RESIDUAL_PORTS, "net.it.Gain = 12"),
    "SMSDeesser": of_model(
        *RESIDUAL_PORTS, "net.it.LowCutoff = 3000", "net.it.HighCutoff = 10000", "net.it.Threshold = -60"
    ),
    "SMSPitchShift": of_model(*MODEL_PORTS, "net.it.PitchSteps = 1.5", "net.it.Harmonic = 1"),
    "SMSHarmonizer": of_model(
        *MODEL_PORTS, "net.it.NumberOfVoices = 2", "net.it.Pitch_0 = 4", "net.it.Gain_0 = 0.01", "net.it.Pitch_1 = 7",
        "net.it.Gain_1 = 0.01",
    ),
    "SMSMorph": Example(
        lines(
            "net.input = net.types.AudioSource", "net.saw = net.types.Saw", "net.one = net.types.SMSAnalysisCore",
            "net.other = net.types.SMSAnalysisCore", "net.it = net.types.It", "net.it.Interpolation_Factor = 0.5",
            "net.synthesis = net.types.SMSSynthesis", "net.out = net.types.AudioSink", "net.input > net.one", "net.saw > net.other",
            *(
                f"net.{name}.{port} > net.it.In_{to}_{k}"
                for k, name in ((1, "one"), (2, "other"))
                for port, to in (("Sinusoidal_Peaks", "SpectralPeaks"), ("Fundamental", "Fundamental"), ("Residual_Spectrum", "Spectrum"))
            ),
            "net.it.Out_SpectralPeaks > net.synthesis.InputSinPeaks", "net.it.Out_Spectrum > net.synthesis.InputResSpectrum",
            "net.synthesis.OutputAudio > net.out",
        ),
        "riff",
    ),
    **{
        name: Example(
            lines(
                "net.input = net.types.AudioSource", "net.analysis = net.types.SMSAnalysisCore", "net.it = net.types.It",
                "net.tone = net.types.Saw", "net.out = net.types.AudioSink", "net.input > net.analysis",
                "net.analysis.Fundamental > net.it.In_Fundamental", f"net.it.{control} > net.tone.Pitch", "net.tone > net.out",
            ),
            "riff",
        )
        for name, control in {"Fundamental2Control": "Control_Out", "Fund2MIDI": "Frequency"}.items()
    },
    "FormantExtractor": Example(
        lines(
            "net.input = net.types.AudioSource", "net.buffer = net.types.AudioStream2Buffer", "net.it = net.types.It",
            "net.synthesis = net.types.SinusoidalSynthesis", "net.out = net.types.AudioSink", "net.input > net.buffer > net.it",
            "net.it.Spectral_Peak_Array > net.synthesis.InputSinPeaks", "net.synthesis.OutputAudio > net.out",
        ),
        "riff",
    ),
    **dict.fromkeys(
        ("HarmonicPeaksGenerator", "GlottalSourceGenerator"),
        of_model([], [("Out SpectralPeaks", "SpectralPeakArray")], "net.it.Fundamental = 110"),
    ),
    **dict.fromkeys(("Tonnetz", "VectorView", "Spectrogram"), tonal("Pitch_Profile")),
    **dict.fromkeys(("KeySpace", "ChordRanking"), tonal("Chord_Correlation")),
    "PolarChromaPeaks": tonal("Chroma_Peaks"),
    "SegmentationView": tonal("Chord_Segmentation"),
    "Tunner": tonal("Tunning"),
    # Convolution
    "ConvolutionReverb": effect("net.it.Mix = 0.5", source="drums", channels=2),
    "ImpulseResponseLoader": convolved("it", "W", "convolution", 'net.it.ImpulseResponse = "hall.wav"'),
    "LowLatencyConvolution": convolved("loader", "W", "it"),
    "SingleHRTFFetcher": convolved("it", "ImpulseResponseL", "convolution", 'net.it.HrtfDatabase = "head.hrtfs"', "net.it.Azimuth = 90"),
    "ImpulseResponseDatabaseFetcher": convolved("it", "ImpulseResponse", "convolution", 'net.it.Path = "."'),
    "ImpulseResponseInterpolator": convolved(
        "it", "Output", "convolution", 'net.other.ImpulseResponse = "cellar.wav"', "net.loader > net.it.Input1",
        "net.other > net.it.Input2", "net.it.Position = 0.3", other="ImpulseResponseLoader",
    ),
    "DebugImpulseResponse": Example(
        lines(
            "net.loader = net.types.ImpulseResponseLoader", 'net.loader.ImpulseResponse = "hall.wav"', "net.it = net.types.It",
            "net.ifft = net.types.MyIFFT", "net.stream = net.types.AudioBuffer2Stream", "net.out = net.types.AudioSink",
            "net.loader > net.it > net.ifft > net.stream > net.out",
        )
    ),
    "RoomImpulseResponseSimulatorCommandLine": convolved(
        "it", "W_IR", "convolution", "net.input > net.it", 'net.it.ExtraOptions = "--size 20 15 8 --absorption 0.15"'
    ),
    "IRDelayCascade": convolved("it", "Previous_IR", "convolution", "net.loader > net.it"),
    "IRSwappingDelay": faded(
        "head", "ImpulseResponseL", "it", "fade", *turning(), wires=("net.lfo > net.head.azimuth",),
        lfo="LFO", head="HRTFDatabaseFetcher", fade="XFadeAndSwitch",
    ),
    "XFadeAndSwitch": faded(
        "head", "ImpulseResponseL", "turns", "it", *turning(), wires=("net.lfo > net.head.azimuth",),
        lfo="LFO", head="HRTFDatabaseFetcher", turns="IRSwappingDelay",
    ),
    "HRTFDatabaseFetcher": faded(
        "it", "ImpulseResponseL", "turns", "fade", *(line.replace("net.head", "net.it") for line in turning()),
        wires=("net.lfo > net.it.azimuth",), lfo="LFO", turns="IRSwappingDelay", fade="XFadeAndSwitch",
    ),
    "ConstantSpectrum": of_frames(
        [], [("Complex Spectrum", "ComplexSpectrum")], 'net.it.AudioFile = "drums.flac"', "net.it.FrameSize = 512"
    ),
    # Arithmetic operations
    "AudioAdder": two(".First_Audio_Input", ".Second_Audio_Input"),
    "AudioMultiplier": two(".First_Audio_Input", ".Second_Audio_Input"),
    "DataAdder": two(".First_Data_Input", ".Second_Data_Input"),
    "DataMultiplier": two(".First_Data_Input", ".Second_Data_Input"),
    "AudioMixer": two(".Input_0", ".Input_1", "net.it.Gain_1 = 0.5"),
    "AudioAmplifier": swept("Gain", 0, 1, rate=4),
    "AudioBufferAmplifier": swept("Gain", 0, 1, rate=4, kind="AudioBuffer"),
    "AudioBufferMixer": buffers("net.it.Gain_0 = 1.5"),
    "DataGain": swept("Gain", 0, 1, rate=4),
    "AudioNormalization": swept("AudioNormalization_Value", 0, 2, rate=4),
    "Gain": swept("Gain", 0, 1, rate=4),
    "Offset": effect("net.it.InitialOffset = 0.3"),
    # files, inputs and outputs
    "AudioFileMemoryLoader": player(),
    "MonoAudioFileReader": player(),
    "MultiChannelAudioFileReader": player(),
    "SndfilePlayer": player(),
    "MonoAudioFileWriter": monitor("Audio", 'net.it.TargetFile = "take.wav"'),
    "MultiChannelAudioFileWriter": monitor("Audio", 'net.it.TargetFile = "take.wav"'),
    "MultiSampler": generator('net.it.Samples = "drums.flac"', "net.it.LoopDefaultState = True"),
    "SndfileWriter": monitor("Audio", 'net.it.TargetFile = "take.wav"', 'net.it.Format = "Wav Integer 24 bit"'),
    "Sampler": Example(
        lines(
            *lfo(0, 1, "Square", 4), "net.it = net.types.It", 'net.it.SourceFile = "drums.flac"', "net.out = net.types.AudioSink",
            "net.lfo > net.it.Trigger", "net.it > net.out",
        )
    ),
    "AudioSink": Example(lines(*saw(), "net.it = net.types.It", "net.saw > net.it")),
    "AudioSource": Example(lines("net.it = net.types.It", "net.out = net.types.AudioSink", "net.it > net.out"), "drums"),
    "AudioIn": Example(lines("net.it = net.types.It", "net.out = net.types.AudioSink", "net.it > net.out"), "drums"),
    "AudioOut": Example(lines(*saw(), "net.it = net.types.It", "net.saw > net.it")),
    "AudioBufferSource": Example(lines("net.it = net.types.It", "net.out = net.types.AudioBufferSink", "net.it > net.out"), "drums"),
    "AudioBufferSink": Example(lines("net.input = net.types.AudioBufferSource", "net.it = net.types.It", "net.input > net.it"), "drums"),
    **dict.fromkeys(("BufferOscilloscope", "BufferSqrtSum", "BufferDelayPrediction"), monitor("AudioBuffer")),
    # MIDI
    "MIDIFileReader": song("It", "MIDINote2Freq", after=played("midinote2freq.Frequency_Output", "midinote2freq.Amplitude_Output")),
    "MIDINotes": Example(
        lines(
            "net.song = net.types.MIDIFileReader", "net.it = net.types.It", "net.frequency = net.types.ControlMapper",
            'net.frequency.Mapping = "NoteToFreq"', *oscillator(), 'net.song.SourceFile = "tune.mid"',
            "net.song > net.it", "net.it.Note > net.frequency > net.osc.Pitch",
        )
    ),
    "MIDINote2Freq": song("MIDIFileReader", "It", after=played("it.Frequency_Output", "it.Amplitude_Output")),
    "MIDISink": song("MIDIFileReader", "It"),
    "MIDIController": song(
        "MIDIFileReader", "It", after=("net.it.ControlNumber = 1", "net.it.ExpectedMaxValue = 880", "net.it > net.osc.Pitch")
    ),
    "Control2MIDIController": Example(
        lines(
            *lfo(0, 127, "Triangle", 1), "net.it = net.types.It", "net.it.ControllerNumber = 7", "net.sink = net.types.MIDISink",
            *oscillator(), "net.lfo > net.it > net.sink",
        )
    ),
    "MIDISource": Example(
        lines(
            "net.it = net.types.It", "net.note = net.types.MIDINote2Freq", *oscillator(), "net.it > net.note",
            "net.note.Frequency_Output > net.osc.Pitch", "net.note.Amplitude_Output > net.osc.Amplitude",
        )
    ),
    "MIDIKeyboard": keyboard(note="NoteOut"),
    "MIDIInControl": keyboard("net.it.Message, net.it.Channel = 1, 1", note="Data_1"),
    "MIDIMon": Example(
        lines(
            "net.it = net.types.It", "net.printer = net.types.ControlPrinter", "net.printer.NumberOfInputs = 3", *oscillator(),
            "net.it > net.printer",
        )
    ),
    "MTCReceiver": Example(
        lines(
            "net.it = net.types.It", "net.printer = net.types.ControlPrinter", *oscillator(), "net.it > net.printer",
        )
    ),
    "MIDIDispatcher": Example(
        lines(
            "net.song, net.notes = net.types.MIDIFileReader, net.types.MIDINotes", 'net.song.SourceFile = "tune.mid"',
            "net.it = net.types.It", "net.low, net.high = net.types.Sine, net.types.Sine",
            "net.frequency = net.types.ControlMapper", 'net.frequency.Mapping = "NoteToFreq"', "net.loudness = net.types.ControlScaler",
            "net.loudness.Amount = 1 / 127", "net.mix = net.types.AudioMixer", "net.out = net.types.AudioSink",
            "net.song > net.notes", "net.notes.Note > net.it.Note", "net.notes.Velocity > net.it.Velocity",
            "net.notes.Note > net.frequency > net.it.InControl_0", "net.notes.Velocity > net.loudness.Control_In",
            "net.loudness > net.it.InControl_1",
            "net.it.a00 > net.low.Pitch", "net.it.a01 > net.low.Amplitude",
            "net.it.a10 > net.high.Pitch", "net.it.a11 > net.high.Amplitude",
            "net.low > net.mix._inports[0]", "net.high > net.mix._inports[1]", "net.mix > net.out",
        )
    ),
    # controls
    "AutoPanner": Example(
        lines(
            "net.it = net.types.It", "net.it.Frequency = 1", *saw(), "net.left = net.types.Gain", "net.right = net.types.Gain",
            "net.out = net.types.AudioSink", "net.out.NSinks = 2", "net.it.Left_Control > net.left.Gain",
            "net.it.Right_Control > net.right.Gain", "net.saw > net.left > net.out.Input1", "net.saw > net.right > net.out.Input2",
        )
    ),
    "BinaryCounter": Example(
        lines(
            "net.it = net.types.It", "net.printer = net.types.BoolControlPrinter", "net.printer.NInputs = 8", *oscillator(),
            "net.it > net.printer",
        )
    ),
    "BoolControlPrinter": Example(
        lines(
            *lfo(220, 440, "Random", 8), "net.gate = net.types.ControlGate", "net.gate.Threshold = 330", "net.it = net.types.It",
            *oscillator(), "net.lfo > net.gate > net.it", "net.lfo > net.osc.Pitch",
        )
    ),
    "BoolControlSender": Example(
        lines("net.it = net.types.It", "net.printer = net.types.BoolControlPrinter", *oscillator(), "net.it > net.printer")
    ),
    "Cartesian2SphericalControl": modulator(into=".y", out=".module", low=-440, high=440),
    "Spherical2CartesianControl": modulator("net.it.module = 440", into=".azimuth", out=".x", low=-80, high=80),
    "ControlComparison": loudness("net.it.RightTerm = 1", into=".Operator_1", out=".Result_of_comparison_float_", shape="Square", rate=4),
    "ControlTraceReader": sender('net.it.TraceFile = "melody.txt"'),
    "ControlTraceWriter": display('net.it.TraceFile = "trace.txt"'),
    "ControlSequencer": Example(
        lines(
            "net.input = net.types.AudioSource", "net.it = net.types.It", 'net.it.Filename = "melody.txt"',
            "net.it.ControlsPerSecond = 4", *oscillator(), "net.input > net.it", "net.it > net.osc.Pitch",
        ),
        "drums",
    ),
    "ChoreoSequencer": Example(
        lines(
            "net.input = net.types.AudioSource", "net.it = net.types.It", 'net.it.Filename = "walk.choreo"',
            "net.pan = net.types.VectorBasedArrayPanning", "net.out = net.types.AudioSink", "net.out.NSinks = 5",
            "net.input > net.it, net.input > net.pan, net.it.relative_azimuth > net.pan.beta", "net.pan > net.out",
        ),
        "riff",
    ),
    "ChoreoSequencerViaControl": Example(
        lines(
            *lfo(0, 4000, "Saw Up", 0.25), "net.input = net.types.AudioSource", "net.it = net.types.It",
            'net.it.Filename = "walk.choreo"', "net.pan = net.types.VectorBasedArrayPanning", "net.out = net.types.AudioSink",
            "net.out.NSinks = 5", "net.lfo > net.it, net.input > net.pan, net.it.relative_azimuth > net.pan.beta", "net.pan > net.out",
        ),
        "riff",
    ),
    "ControlPiano": Example(
        lines("net.it = net.types.It", "net.other = net.types.ControlPiano", *oscillator(), "net.it > net.other")
    ),
    "ControlDelay": modulator(into=".in_control", shape="Random", rate=4),
    "Controller": sender("net.it.NumControls = 1", "net.it.MaxValues = (1000,)", "net.it.In_1 = 330"),
    "EnergyFeatures": monitor("AudioBuffer"),
    "FilenameUsageExample": Example(lines("net.it = net.types.It", *oscillator())),
    "Random": sender(),
    "OneOverF": sender(),
    "SynchronousControl": Example(
        lines(
            *lfo(220, 440, "Triangle", 1), "net.input = net.types.AudioBufferSource", "net.it = net.types.It",
            "net.it.ControlsPerSecond = 8", *oscillator(), "net.input > net.it.sync", "net.lfo > net.it.in_control",
            "net.it > net.osc.Pitch",
        ),
        "drums",
    ),
    "ThresholdTrigger": Example(
        lines(
            "net.input = net.types.AudioSource", "net.it = net.types.It", "net.it.Threshold = 0.1", *oscillator(), "net.osc.Pitch = 110",
            "net.input > net.it", "net.it > net.osc.Amplitude",
        ),
        "drums",
    ),
    "ControlExpression": modulator('net.it.Expression = "440 * 2 ^ ((floor(note) - 69) / 12)"', into=".note", low=45, high=69),
    "ControlFade": modulator("net.it.FadeTimeInMs = 200", into=".Input_Value", shape="Random", rate=4),
    "ControlGate": Example(
        lines(
            *lfo(220, 440, "Random", 8), "net.it = net.types.It", "net.it.Threshold = 330", "net.printer = net.types.BoolControlPrinter",
            *oscillator(), "net.lfo > net.it > net.printer", "net.lfo > net.osc.Pitch",
        )
    ),
    "ControlIntervalMapper": modulator("net.it.OutputMin = 110", "net.it.OutputMax = 880", low=0, high=1),
    "ControlMapper": modulator('net.it.Mapping = "NoteToFreq"', "net.it.Arguments = (69, 440)", low=45, high=69),
    "ControlPrinter": display(),
    "ControlPrinterTyped": display(),
    "ControlSink": display(),
    "ProgressControl": display(),
    "ControlScaler": modulator("net.it.Amount = 110", into=".Control_In", low=1, high=4),
    "ControlSelector": modulator(
        "net.it.In_Control_Value1 = 220", "net.it.In_Control_Value2 = 330", into=".In_Control_Index_to_send", low=0, high=1,
        shape="Square", rate=4,
    ),
    "ControlSource": sender("net.it.MaxValue = 1000", "net.it.DefaultValue = 330"),
    "ControlSum": modulator("net.it.RightTerm = 330", into=".Operator_1", low=-110, high=110),
    "ControlSurface": Example(
        lines(
            "net.it = net.types.It", "net.it.MaxX = 1000", "net.it.DefaultX = 330", "net.it.DefaultY = 0.5", *oscillator(),
            "net.it.outX > net.osc.Pitch", "net.it.outY > net.osc.Amplitude",
        )
    ),
    "FlagControl": Example(
        lines("net.it = net.types.It", "net.it._config.Flag = True", *oscillator(), "net.osc.Pitch = 330", "net.it > net.osc.Amplitude")
    ),
    "Float2IntegerControl": display(),
    "OutControlSender": sender("net.it.Max = 1000", "net.it._config.Default = 330"),
    "ControlClip": modulator("net.it.InitialLow = 200", "net.it.InitialHigh = 350", into=".Control_Input"),
    "ControlTanh": loudness("net.it.InitialDrive = 10", into=".Control_Input", low=0, high=1),
    "LFO": sender("net.it._config.Rate = 2", "net.it._config.Minimum = 220", "net.it._config.Maximum = 440"),
    "RandomControl": sender("net.it._config.Rate = 8", "net.it._config.Minimum = 110", "net.it._config.Maximum = 660"),
    "ControlToAudio": Example(
        lines(
            *lfo(0, 1, "Square", 4), "net.it = net.types.It", "net.it.SmoothingTime = 20", *saw(), "net.amp = net.types.AudioMultiplier",
            "net.out = net.types.AudioSink", "net.lfo > net.it", "net.saw > net.amp.First_Audio_Input",
            "net.it > net.amp.Second_Audio_Input", "net.amp > net.out",
        )
    ),
    "AudioToControl": Example(
        lines(
            "net.slow = net.types.Sine", "net.slow.Frequency = 1", "net.slow._config.Amplitude = 220", "net.it = net.types.It",
            "net.sum = net.types.ControlSum", "net.sum.RightTerm = 330", *oscillator(), "net.slow > net.it > net.sum.Operator_1",
            "net.sum > net.osc.Pitch",
        )
    ),
    "OscAccumulator": modulator(),
    "LibloSink": display("net.it.ServerPort = 9000", 'net.it.OSCTypeSpec = "f"', into="._incontrols[1]"),
    "LibloSource": received('net.it.ServerPort = "9000"', "net.it.NumberOfArguments = 1"),
    "SpatDIFSourceReceiver": Example(
        lines(
            *lfo(220, 440, "Random", 8), "net.remote = net.types.LibloSink", "net.remote.ServerPort = 9000",
            'net.remote.OscPath = "/spatdif/source/one/position"', "net.it = net.types.It", 'net.it.SourceName = "one"',
            "net.it.ServerPort = 9000", *oscillator(), "net.lfo > net.remote._incontrols[1]", "net.it.X_position > net.osc.Pitch",
        )
    ),
    "MultiLibloSource": received("net.it.ServerPort = 9000", 'net.it.OSCTypeSpec = "f"'),
    # generators
    "ADSR": Example(
        lines(
            *lfo(0, 1, "Square", 2), "net.it = net.types.It", "net.it.AttackTime = 0.02", "net.it.DecayTime = 0.1",
            "net.it.SustainLevel = 0.4", "net.it.ReleaseTime = 0.2", *saw(), "net.amp = net.types.AudioMultiplier",
            "net.out = net.types.AudioSink", "net.lfo > net.it.Amplitude", "net.saw > net.amp.First_Audio_Input",
            "net.it > net.amp.Second_Audio_Input", "net.amp > net.out",
        )
    ),
    "Oscillator": Example(
        lines(
            "net.modulator = net.types.SimpleOscillator", "net.modulator._config.Frequency = 330", "net.it = net.types.It",
            "net.it.Frequency = 110", "net.it._config.ModIndex = 2", "net.out = net.types.AudioSink",
            "net.modulator > net.it.Input_Phase_Modulation", "net.it > net.out",
        )
    ),
    "SilentSource": Example(
        lines("net.it = net.types.It", "net.osc = net.types.Oscillator", "net.out = net.types.AudioSink",
              "net.it > net.osc.Input_Phase_Modulation", "net.osc > net.out")
    ),
    "Saw": generator("net.it.Frequency = 110"),
    "Pulse": Example(
        lines(*lfo(0.05, 0.5, "Triangle", 1), "net.it = net.types.It", "net.it.Frequency = 110", "net.out = net.types.AudioSink",
              "net.lfo > net.it.Width", "net.it > net.out")
    ),
    "Triangle": generator("net.it.Frequency = 220"),
    "SquareWave": generator("net.it.Frequency = 220"),
    "TableOscillator": generator("net.it.Harmonics = (1, 0.5, 0, 0.5, 0, 0.25)", "net.it.Frequency = 220"),
    # effects
    "Clipping": effect("net.it.Clipping_Value = 0.1"),
    "Clip": effect("net.it.InitialLow = -0.1", "net.it.InitialHigh = 0.1"),
    "Tanh": effect("net.it.InitialDrive = 10"),
    "GuitarDistortion": effect("net.it.Param_0 = 40"),
    "ZynDistortion": effect("net.it.Drive_amount = 0.7"),
    "AutomaticGainControl": effect("net.it.OutputReference = 0.02"),
    "Scale": effect("net.it.OutputLow = -0.5", "net.it.OutputHigh = 0.5"),
    "DelayWetDry": effect("net.it.Delay = 0.375", "net.it.Wet_Dry = 0.5", source="drums"),
    "TimeDelay": effect("net.it.Delay = 0.25", source="drums"),
    "SampleAccurateStreamDelay": effect("net.it.InitialDelayInSamples = 12000", source="drums"),
    "SampleAccurateBufferDelay": buffers("net.it.InitialDelayInSamples = 12000", source="drums"),
    "FractionalBufferDelay": swept("Delay_in_Samples", 0, 400, kind="AudioBuffer", rate=4),
    "AudioBufferCrossFader": Example(
        lines("net.input = net.types.AudioBufferSource", "net.it = net.types.It", "net.out = net.types.AudioBufferSink",
              "net.input > net.it.FadingIn", "net.it > net.out"), "riff",
    ),
    "CrossFade": Example(
        lines(
            *lfo(0, 1, "Triangle", 1), *saw(), "net.noise = net.types.PinkNoise", "net.it = net.types.It", "net.out = net.types.AudioSink",
            "net.lfo > net.it.Position", "net.saw > net.it.A", "net.noise > net.it.B", "net.it > net.out",
        )
    ),
    "AudioSwitch": Example(
        lines(
            *lfo(0, 1, "Square", 4), *saw(), "net.noise = net.types.PinkNoise", "net.it = net.types.It", "net.out = net.types.AudioSink",
            "net.lfo > net.it.Switch", "net.saw > net.it.Input_0", "net.noise > net.it.Input_1", "net.it > net.out",
        )
    ),
    "Compressor": effect("net.it.InitialThreshold = -30", "net.it.InitialRatio = 8", "net.it.InitialMakeUp = 12", source="drums"),
    "Gate": effect("net.it.InitialThreshold = -20", "net.it.InitialHold = 20", "net.it.InitialRelease = 30", source="drums"),
    "Limiter": effect("net.it.InitialCeiling = -20", source="drums"),
    "EnvelopeFollower": Example(
        lines(
            "net.input = net.types.AudioSource", "net.it = net.types.It", *saw(), "net.amp = net.types.AudioMultiplier",
            "net.out = net.types.AudioSink", "net.input > net.it", "net.saw > net.amp.First_Audio_Input",
            "net.it.Envelope > net.amp.Second_Audio_Input", "net.amp > net.out",
        ),
        "drums",
    ),
    "AudioSampleAndHold": Example(
        lines(
            "net.input = net.types.AudioSource", "net.clock = net.types.Sine", "net.clock.Frequency = 4000", "net.it = net.types.It",
            "net.out = net.types.AudioSink", "net.input > net.it.Audio_Input", "net.clock > net.it.Trigger", "net.it > net.out",
        ),
        "drums",
    ),
    "ResonantLowPass": swept("Frequency", 200, 4000, "net.it.Resonance = 4"),
    "StateVariableFilter": swept("Frequency", 200, 4000, "net.it.Resonance = 4"),
    "ParametricEqualizer": effect("net.it.Gains = (12, -12, 0, 12)", source="drums"),
    "Notch2ndOrder": effect("net.it.CentralFrequency = 220", "net.it.Bandwidth = 100"),
    "Filter": effect(
        "net.it.AmountOfOutputCoefficients = 2", "net.it.b_0 = 0.05", "net.it.a_1 = -0.95", source="drums",
    ),
    "FilterByCoefExample": effect(source="drums"),
    "AdaptativeNotch": Example(
        lines(
            "net.input = net.types.AudioSource", "net.hum = net.types.Sine", "net.hum.Frequency = 50", "net.hum._config.Amplitude = 0.5",
            "net.sum = net.types.AudioAdder", "net.it = net.types.It", "net.out = net.types.AudioSink",
            "net.input > net.sum.First_Audio_Input",
            "net.hum > net.sum.Second_Audio_Input", "net.sum > net.it.Input", "net.hum > net.it.Reference", "net.it > net.out",
        ),
        "riff",
    ),
    "DCRemoval": Example(
        lines(
            "net.input = net.types.AudioSource", "net.offset = net.types.Offset", "net.offset.InitialOffset = 0.3",
            "net.it = net.types.It", "net.out = net.types.AudioSink", "net.input > net.offset > net.it > net.out",
        ),
        "riff",
    ),
    "Reverb": effect("net.it.InitialMix = 0.5", channels=2, source="drums"),
    "StereoPanner": around("Position", channels=2),
    "Chorus": delay(5, 0.5, 20),
    "Flanger": delay(2, 0.5, 3),
    "FractionalDelayModulation": delay(3, 5, 5),
    "MonoFractionalDelayModulation": delay(3, 5, 5, "net.it.variability_of_parameters = 1", channels=1),
    "Rotary": delay(1, 5, 2),
    "RotatingFlanger": delay(2, 0.5, 3, channels=1),
    "Vibrato": delay(1, 6, 2),
    "AirAbsortion": buffers("net.it.Distance = 300", "net.it.ScaleAttenuation = 3", source="drums"),
    "DopplerFractionalDelay": swept("relative_distance_in_mts", 0, 40, kind="AudioBuffer", rate=0.5),
    # three dimensions
    "AbsoluteCoordinates2RelativeAngles": modulator(into=".source_X", out=".distance"),
    "GainBecauseOfDistance": loudness(into=".input_distance", low=1, high=10),
    "AngleBecauseOfDistance": modulator(into=".source_Distance_in_mts", low=0.1, high=2, rate=2),
    "HoaEncoder": around("azimuth", channels=4),
    "HoaEncoderBuffer": around("azimuth", "AudioBuffer", channels=4),
    "Hoa2RegularSpeakerArray": field('net.it.SpeakerLayout = "square.layout"', channels=4),
    "Hoa2RegularSpeakerArrayBuffer": field(
        'net.it.SpeakerLayout = "square.layout"', channels=4, encoder="HoaEncoderBuffer", kind="AudioBuffer"
    ),
    "Hoa2IrregularSpeakerArray": field('net.it.DecodingFile = "square.decoding"', channels=4),
    "BFormat2Cube": field(channels=8),
    "BFormat2Sixteen": field(channels=15),
    "BFormatRotation": field("net.it.azimuth = 60", channels=3),
    "BFormatRotationZoom": field("net.it.azimuth = 60", channels=4),
    "Surround": field(channels=5),
    "NSurround": field("net.it.NChannels = 4", channels=4),
    "Vbap3D": around("azimuth", channels=15),
    "Vbap3DExperimental": around("azimuth", channels=15),
    "Vbap3D_OneSpeaker": around("azimuth", channels=14),
    "Vbap3DBuffer": around("azimuth", "AudioBuffer", channels=15),
    "VectorBasedArrayPanning": around("beta", channels=5),
}  # fmt: skip
