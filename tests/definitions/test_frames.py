"""Types of one's own that work on frames: what is refused at the definition, and what is guarded while it plays."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.data.sinusoids import Peaks
from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.declare import Array, config, in_port, out_port, processing
from ipyclam_core.declare.frames import frame, number, row, used
from ipyclam_core.errors import DefinitionError


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def played(net: Network, effect: str) -> np.ndarray:
    """What an effect on spectra makes of noise."""
    net.source, net.fft, net.effect = net.types.AudioSource, net.types.FFT, net.types[effect]
    net.ifft, net.out = net.types.IFFT, net.types.AudioSink
    net.source > net.fft > net.effect > net.ifft > net.out
    noise = (0.3 * np.random.default_rng(1).standard_normal((8192, 1))).astype(np.float32)
    return net.render(inputs=noise, sample_rate=44100)


def test_a_spectral_effect_is_written_in_a_few_lines(net):
    @processing
    class Whisper:
        """Keeps every second bin."""

        spectrum = in_port("In", Spectrum)
        output = out_port("Out", Spectrum, copies="spectrum")

        def process(output):
            for k in range(1, len(output.magnitude), 2):
                output.magnitude[k] = 0.0

    heard = played(net, "Whisper")
    piece = np.abs(np.fft.rfft(heard[512 + 1024 : 512 + 2048, 0]))
    assert piece[2::2].mean() > 1000 * piece[1::2].mean()


def test_an_index_outside_of_a_row_is_told_and_the_frame_is_silent(net):
    @processing
    class Beyond:
        """Reads behind the end."""

        spectrum = in_port("In", Spectrum)
        output = out_port("Out", Spectrum, copies="spectrum")

        def process(output):
            output.magnitude[0] = output.magnitude[len(output.magnitude) + 3]

    with pytest.warns(UserWarning, match="effect went outside of an array"):
        heard = played(net, "Beyond")
    assert not heard.any()


def test_a_loop_without_end_is_told(net):
    @processing
    class Forever:
        """Does not end, if the first bin is not negative."""

        spectrum = in_port("In", Spectrum)
        output = out_port("Out", Spectrum, copies="spectrum")

        def process(output):
            while output.magnitude[0] >= 0.0:
                output.magnitude[0] += 1.0

    with pytest.warns(UserWarning, match="on in a loop without end"):
        played(net, "Forever")


def test_a_field_that_is_not_there_is_refused_with_its_line():
    with pytest.raises(DefinitionError, match=r"process, line \d+, `output.magnitudes"):

        @processing
        class Misspelt:
            """Names a field that a Spectrum does not have."""

            spectrum = in_port("In", Spectrum)
            output = out_port("Out", Spectrum, copies="spectrum")

            def process(output):
                output.magnitudes[0] = 0.0


def test_several_frames_are_a_sequence(net):
    @processing
    class Sum:
        """Adds the magnitudes of some spectra."""

        Inputs = config(2, minimum=1, maximum=8)
        spectra = in_port("In {}", Spectrum, count="Inputs")
        output = out_port("Out", Spectrum, bins="spectra.bins")

        def process(spectra, output):
            for j in range(len(spectra)):
                for k in range(len(output.magnitude)):
                    output.magnitude[k] += spectra[j].magnitude[k]
            output.top = spectra[0].top

    net.one = net.two = net.types.Oscillator
    net.fft = net.fft_ = net.types.FFT
    net.sum = net.types.Sum
    net.one > net.fft["Audio Input"]
    net.two > net.fft_["Audio Input"]
    net.fft > net.sum["In 1"]
    net.fft_ > net.sum["In 2"]
    net.render(0.1, sample_rate=44100)
    one, both = net.fft["Spectrum Output"].value, net.sum["Out"].value
    np.testing.assert_allclose(both.magnitude, 2.0 * one.magnitude, rtol=1e-5)


def test_memory_may_be_as_long_as_the_rows_that_come(net):
    @processing
    class Before:
        """The magnitudes of the frame before."""

        spectrum = in_port("In", Spectrum)
        output = out_port("Out", Spectrum, copies="spectrum")

        class State:
            held: Array[float]

        def initial(spectrum):
            return {"held": np.zeros(spectrum.bins)}

        def process(state, output):
            for k in range(len(output.magnitude)):
                state.held[k], output.magnitude[k] = output.magnitude[k], state.held[k]

    net.source, net.fft, net.before = net.types.AudioSource, net.types.FFT, net.types.Before
    net.fft.AudioSize = 4096
    net.source > net.fft > net.before
    noise = (0.3 * np.random.default_rng(1).standard_normal((5 * 4096, 1))).astype(np.float32)
    frames = net.before["Out"].render(inputs=noise, sample_rate=44100)
    spectra = net.fft["Spectrum Output"].render(inputs=noise, sample_rate=44100)
    assert frames.magnitude.shape == (5, 2049)
    np.testing.assert_allclose(frames.magnitude[1:], spectra.magnitude[:-1], rtol=1e-6)


def test_a_data_type_of_ones_own(net):
    @frame("Loudness")
    class Loudness:
        """How loud something is."""

        level = number(-120.0, unit="dB")

    @processing
    class Meter:
        """The level of every 100 samples."""

        audio = in_port("In", size=100)
        loudness = out_port("Out", Loudness)

        def process(audio, loudness):
            for i in range(len(audio)):
                loudness.level = max(loudness.level, abs(audio[i]))

    net.source, net.meter = net.types.AudioSource, net.types.Meter
    net.source > net.meter
    frames = net.meter["Out"].render(inputs=np.full((1000, 1), 0.25, np.float32), sample_rate=44100)
    assert frames.level.tolist() == [0.25] * 10
    assert frames.units == {"level": "dB"}


def declare(**members: object) -> None:
    """Define a type of these members."""

    def process(output):
        pass

    namespace = {"__doc__": "Wrong.", "process": process, **members}
    processing(type("Wrong", (), {"__module__": __name__, **namespace}))


IN, OUT = in_port("In", Spectrum), out_port("Out", Spectrum, copies="spectrum")

WRONG: dict[str, tuple[dict[str, object], str]] = {
    "a name of a data type": (
        {"spectrum": in_port("In", "Spectrum"), "output": OUT},
        r"Give the data type itself: from ipyclam_core.data.spectra",
    ),
    "no data type": (
        {"spectrum": in_port("In", "Spektrum"), "output": OUT},
        r"'Spektrum', which no data type declares; did you mean 'Spectrum'",
    ),
    "no length": ({"spectrum": IN, "output": out_port("Out", Spectrum)}, r"does not say how long its rows are"),
    "another length": ({"spectrum": IN, "output": out_port("Out", Spectrum, bins=3, peaks=4)}, r"have no length 'peaks'"),
    "copies of another type": (
        {"peaks": in_port("In", Peaks), "output": out_port("Out", Spectrum, copies="peaks")},
        r"no in port of the type",
    ),
    "a length of no port": (
        {"spectrum": IN, "output": out_port("Out", Spectrum, bins="spectra.bins")},
        r"which is no in port of a data type",
    ),
    "a length that is not there": (
        {"spectrum": IN, "output": out_port("Out", Spectrum, bins="spectrum.bin")},
        r"no length 'bin'; did you mean",
    ),
    "no parameter": ({"audio": in_port("In", size="Size"), "output": out_port("Out", size=2)}, r"refers to a parameter 'Size'"),
    "a float": ({"Size": config(2.5), "audio": in_port("In", size="Size"), "output": out_port("Out", size=2)}, r"a float. Declare an int"),
    "no size": ({"audio": in_port("In"), "output": out_port("Out", Spectrum, bins=3)}, r"audio needs a size"),
    "a hop alone": ({"audio": in_port("In", hop=3), "output": out_port("Out")}, r"has a hop, but no size"),
    "a negative size": ({"audio": in_port("In", size=-3), "output": out_port("Out", size=3)}, r"the size of audio is -3"),
}


@pytest.mark.parametrize("what", WRONG)
def test_ports_that_could_not_work_are_refused(what):
    members, said = WRONG[what]
    with pytest.raises(DefinitionError, match=said):
        declare(**members)


def test_only_process_is_called_for_each_frame():
    def step(audio):
        return audio

    with pytest.raises(DefinitionError, match="Write process"):
        processing(type("Wrong", (), {"__module__": __name__, "__doc__": "", "audio": in_port("In", size=3), "step": step}))


def test_data_types_that_could_not_work_are_refused():
    with pytest.raises(DefinitionError, match=r"A field is row\(...\), number\(...\) or used\(...\)"):
        frame("Odd")(type("Odd", (), {"level": 3.0}))
    with pytest.raises(DefinitionError, match="counts 'peak', which is no length of a row; did you mean 'peaks'"):
        frame("Odd")(type("Odd", (), {"count": used("peak"), "level": row("peaks")}))
    with pytest.raises(DefinitionError, match="no row has the length 'bin'"):
        frame("Odd", bin=3)(type("Odd", (), {"level": row("bins")}))
    with pytest.raises(DefinitionError, match="another data type has this name"):
        frame("AudioBuffer")(type("Odd", (), {"level": row("bins")}))
    assert AudioBuffer.name == "AudioBuffer"
