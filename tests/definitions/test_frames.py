"""Types of one's own that work on frames: what is refused at the definition, and what is guarded while it plays."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.data.impulse_responses import ImpulseResponse
from ipyclam_core.data.sinusoids import Peaks
from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.declare import Array, Table, config, in_port, out_port, processing
from ipyclam_core.declare.frames import frame, number, row, used
from ipyclam_core.errors import DefinitionError
from tests.waiting import eventually


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


def test_several_frames_are_passed_on_each_as_long_as_it_comes(net):
    @processing
    class Louder:
        """Some spectra, each louder by a factor of its own."""

        Inputs = config(2, minimum=0, maximum=8)
        Silent = config(False)
        spectra = in_port("In {}", Spectrum, count="Inputs")
        outs = out_port("Out {}", Spectrum, count="Inputs", copies="spectra")

        def process(outs, Silent):
            for j in range(len(outs)):
                factor = 0.0 if Silent else j + 2.0
                for k in range(len(outs[j].magnitude)):
                    outs[j].magnitude[k] *= factor

    net.osc, net.small, net.large, net.louder = net.types.Oscillator, net.types.FFT, net.types.FFT, net.types.Louder
    net.large.AudioSize = 4096
    net.osc > net.small > net.louder["In 1"]
    net.osc > net.large > net.louder["In 2"]
    net.ifft, net.out = net.types.IFFT, net.types.AudioSink
    net.ifft.AudioSize = 4096
    net.louder["Out 2"] > net.ifft > net.out
    for block in (64, 512, 4096):
        net.render(0.5, block_size=block, sample_rate=44100)
        small, large = net.louder["Out 1"].value, net.louder["Out 2"].value
        assert (len(small.magnitude), len(large.magnitude)) == (513, 2049)
        np.testing.assert_allclose(large.magnitude.max(), 3.0 * net.large["Spectrum Output"].value.magnitude.max(), rtol=1e-5)
        np.testing.assert_allclose(small.magnitude.max(), 2.0 * net.small["Spectrum Output"].value.magnitude.max(), rtol=0.5)

    net.play("clock")
    eventually(lambda: hasattr(net.louder["Out 2"], "value"))
    net.louder.Inputs = 3
    net.third = net.types.FFT
    net.third.AudioSize = 2048
    net.osc > net.third > net.louder["In 3"]
    eventually(lambda: hasattr(net.louder["Out 3"], "value") and len(net.louder["Out 3"].value.magnitude) == 1025)
    eventually(lambda: net.louder["Out 3"].value.magnitude.max() > 1000)
    net.louder.Silent = True
    eventually(lambda: net.louder["Out 3"].value.magnitude.max() == 0)
    net.louder.Inputs = 1
    eventually(lambda: hasattr(net.louder["Out 1"], "value") and len(net.louder["Out 1"].value.magnitude) == 513)
    net.louder.Inputs = 0
    net.stop()


def test_ports_with_another_count_cannot_be_copied():
    with pytest.raises(DefinitionError, match=r"has count='Outputs' where that has count='Inputs'\. Give both the same"):

        @processing
        class Odd:
            """Copies more than there is."""

            Inputs = config(1)
            Outputs = config(2)
            spectra = in_port("In {}", Spectrum, count="Inputs")
            outs = out_port("Out {}", Spectrum, count="Outputs", copies="spectra")

            def process(outs):
                pass


def test_rows_may_have_columns(net):
    @frame("History")
    class History:
        """The last spectra."""

        count = used("spectra")
        magnitude = row("spectra", "bins")
        sum = row("bins")

    @processing
    class Remembers:
        """Keeps the last magnitudes, the newest first."""

        Depth = config(4, minimum=1, maximum=64)
        spectrum = in_port("In", Spectrum)
        history = out_port("Out", History, spectra="Depth", bins="spectrum.bins")

        class State:
            held: Array[float]
            calls: int

        def initial(spectrum, Depth):
            return {"held": np.zeros(spectrum.bins * Depth)}

        def process(state, spectrum, history, Depth):
            bins = len(spectrum.magnitude)
            for k in range(bins * (Depth - 1) - 1, -1, -1):
                state.held[k + bins] = state.held[k]
            for k in range(bins):
                state.held[k] = spectrum.magnitude[k]
            state.calls += 1
            history.count = min(state.calls, Depth)
            for n in range(history.magnitude.shape[0]):
                for k in range(history.magnitude.shape[1]):
                    history.magnitude[n, k] = state.held[bins * n + k]

    @processing
    class Adds:
        """Adds up the history."""

        history = in_port("In", History)
        output = out_port("Out", History, copies="history")

        def process(history, output):
            for n in range(len(history.magnitude)):
                for k in range(history.magnitude.shape[1]):
                    output.sum[k] += history.magnitude[n, k]

    net.source, net.fft, net.remembers, net.adds = net.types.AudioSource, net.types.FFT, net.types.Remembers, net.types.Adds
    net.source > net.fft > net.remembers > net.adds
    given = (0.2 * np.random.default_rng(1).standard_normal((20 * 1024, 1))).astype(np.float32)
    single = net.fft["Spectrum Output"].render(inputs=given, sample_rate=44100).magnitude
    for block in (64, 512, 4096):
        frames = net.adds["Out"].render(inputs=given, block_size=block, sample_rate=44100)
        assert frames.magnitude.shape[1:] == (4, 513)
        for n in range(len(frames.magnitude)):
            last = np.zeros((4, 513))
            last[: min(n + 1, 4)] = single[max(n - 3, 0) : n + 1][::-1]
            np.testing.assert_array_equal(frames.magnitude[n], last)
            np.testing.assert_allclose(frames.sum[n], last.sum(axis=0), rtol=1e-5)
    assert "magnitude (4 of 4 x 513)" in repr(net.adds["Out"].value)

    from ipyclam_core.declare.declaration import catalog
    from ipyclam_core.dsp.plain_frames import PlainFrame, PlainFramed

    plain = PlainFramed(catalog["Adds"])
    held = PlainFrame(History, {"spectra": 2, "bins": 3}, magnitude=[[1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(plain.call(history=held)["output"].sum, [5, 7, 9])


def test_an_index_outside_of_the_columns_is_told(net):
    @frame("Tiny")
    class Tiny:
        """A few numbers."""

        values = row("rows", "columns")

    @processing
    class Beyond:
        """Writes outside."""

        spectrum = in_port("In", Spectrum)
        tiny = out_port("Out", Tiny, rows=2, columns=3)

        def process(tiny):
            for k in range(4):
                tiny.values[1, k] = 1.0

    net.osc, net.fft, net.beyond = net.types.Oscillator, net.types.FFT, net.types.Beyond
    net.osc > net.fft > net.beyond
    with pytest.warns(UserWarning, match=r"beyond went outside of an array"):
        net.render(0.1)


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
    with pytest.raises(DefinitionError, match=r"A field is row\(...\), number\(...\), used\(...\) or table\(...\)"):
        frame("Odd")(type("Odd", (), {"level": 3.0}))
    with pytest.raises(DefinitionError, match="counts 'peak', which is no length of a row; did you mean 'peaks'"):
        frame("Odd")(type("Odd", (), {"count": used("peak"), "level": row("peaks")}))
    with pytest.raises(DefinitionError, match="no row has the length 'bin'"):
        frame("Odd", bin=3)(type("Odd", (), {"level": row("bins")}))
    with pytest.raises(DefinitionError, match="another data type has this name"):
        frame("AudioBuffer")(type("Odd", (), {"level": row("bins")}))
    assert AudioBuffer.name == "AudioBuffer"


def test_the_page_of_a_type_tells_the_pieces_of_its_ports() -> None:
    from ipyclam_core import Network
    from ipyclam_core.frontend.processing_types import page

    types = Network("clam").proxy.types()
    assert "Input : Audio, in pieces of prWindowSize frames, every prHopSize frames" in page(types["SpectralAnalysis"])
    assert "Audio Input : Audio, in pieces of AudioSize frames" in page(types["FFT"])
    assert "in pieces" not in page(types["Oscillator"])


def test_a_table_is_passed_on_by_address_and_compared(net):
    @processing
    class Holds:
        """Puts out a table."""

        Level = config(2.0)
        response = out_port("Out", ImpulseResponse, seconds=1, bins=3)

        class Prepared:
            own: Table

        def prepare(Level):
            return {"own": Level * np.arange(12)}

        def process(state, response):
            response.spectra = state.own

    @processing
    class Hears:
        """Puts out the numbers of a table, and then whether it is the one before."""

        response = in_port("In", ImpulseResponse)
        audio = out_port("Audio", size=512)

        class State:
            before: Table

        def process(state, response, audio):
            numbers = response.spectra.values
            for k in range(len(numbers)):
                audio[k] = numbers[k]
            audio[100] = 1.0 if state.before == response.spectra else 0.0
            audio[101] = 1.0 if state.before != response.spectra else 0.0
            state.before = response.spectra

    net.holds, net.hears, net.out = Holds, Hears, net.types.AudioSink
    net.holds > net.hears > net.out
    net.volume = -30
    heard = net.render(frames=1024, sample_rate=44100)[:, 0] * 10.0**1.5
    np.testing.assert_allclose(heard[:12], 2.0 * np.arange(12), rtol=1e-5)
    assert (heard[[100, 101, 612, 613]] > 0.5).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("out.spectra = 3.0", "a table is given a float64; give it a table, of the state or of another frame"),
        ("out.first = response.spectra[0]", r"a table has no items itself; index its values: frame.table.values\[0\]"),
    ],
)
def test_a_table_that_is_used_as_something_else_is_explained(statement, said):
    names = {"processing": processing, "in_port": in_port, "out_port": out_port, "ImpulseResponse": ImpulseResponse, "__name__": "__main__"}
    lines = [
        "@processing",
        "class Odd:",
        "    response = in_port('In', ImpulseResponse)",
        "    out = out_port('Out', ImpulseResponse, seconds=1, bins=3)",
        "    def process(response, out):",
        f"        {statement}",
    ]
    with pytest.raises(DefinitionError, match=said):
        exec("\n".join(lines), names)


def test_an_index_outside_of_a_table_is_told(net, tmp_path):
    @processing
    class BeyondTables:
        """Reads behind the end."""

        response = in_port("In", ImpulseResponse)
        audio = out_port("Audio", size=512)

        def process(response, audio):
            audio[0] = response.spectra.values[len(response.spectra.values) + 3]

    net.loader, net.beyond, net.out = net.types.ImpulseResponseLoader, BeyondTables, net.types.AudioSink
    soundfile.write(tmp_path / "click.wav", np.ones(4), 44100)
    net.loader.ImpulseResponse = tmp_path / "click.wav"
    net.loader > net.beyond > net.out
    with pytest.warns(UserWarning, match="beyond went outside of an array"):
        assert not net.render(frames=1024, sample_rate=44100).any()
