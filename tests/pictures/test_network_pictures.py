"""Networks as SVG and PNG: everything is there, readable, and crosses no more than it must."""

from __future__ import annotations

import itertools
import random
import re
import struct
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ipyclam_core import Network, Placeholder
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.errors import PictureError
from ipyclam_core.pictures import boxes, layers, placing
from ipyclam_core.pictures.network import svg
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec, Wire

SVG = "{http://www.w3.org/2000/svg}"
TYPES = [
    TypeSpec("Source", outports=["Out 1", "Out 2"], category="Generators", incontrols=["Level"]),
    TypeSpec("Filter", inports=["In"], outports=["Out"], incontrols=["Cutoff", "Q"], category="Filters"),
    TypeSpec("Mixer", inports=[PortSpec("In {}", count="Inputs")], outports=["Out"], config={"Inputs": 2}, category="Mixers"),
    TypeSpec("Slider", outcontrols=["Value"], category="Controls"),
    TypeSpec("Sink", inports=["Left", "Right"]),
]


@pytest.fixture
def net() -> Network:
    return Network(DummyProxy(types=TYPES))


def chain(net: Network, length: int) -> None:
    net.source = "Source"
    before = net.source._outports[0]
    for k in range(length):
        net[f"filter {k}"] = "Filter"
        before > net[f"filter {k}"]["In"]
        before = net[f"filter {k}"]["Out"]


def voices(net: Network, count: int) -> None:
    """Some parallel voices into a mixer, made in an order that is not theirs."""
    net.mixer = "Mixer"
    net.mixer.Inputs = count
    net.sink = "Sink"
    order = list(range(count))
    random.Random(4).shuffle(order)
    for k in order:
        net[f"source {k}"], net[f"slider {k}"], net[f"filter {k}"] = "Source", "Slider", "Filter"
        net[f"source {k}"]["Out 1"] > net[f"filter {k}"]["In"]
        net[f"slider {k}"].Value > net[f"filter {k}"].Cutoff
        net[f"filter {k}"]["Out"] > net.mixer._inports[k]
    net.mixer.Out > net.sink.Left


def laid_out(net: Network) -> placing.Plan:
    wires = list(net._proxy.wires())
    return placing.plan({name: boxes.box(state, wires) for name, state in net._proxy.processings().items()}, wires)


def crossings(net: Network) -> int:
    wires = list(net._proxy.wires())
    made = {name: boxes.box(state, wires) for name, state in net._proxy.processings().items()}
    return layers.crossings(layers.layered(made, wires), made, wires)


def parsed(net: Network) -> ElementTree.Element:
    return ElementTree.fromstring(svg(net._proxy))


def words(net: Network) -> list[str]:
    return [element.text or "" for element in parsed(net).iter(f"{SVG}text")]


def test_names_types_and_connectors_are_written(net):
    net.osc = "Source"
    assert words(net) == ["osc", "Source", "Level", "Out 1", "Out 2"]


def test_every_wire_is_drawn_and_says_what_it_joins(net):
    voices(net, 3)
    told = [element.text for element in parsed(net).iter(f"{SVG}title")]
    for wire in net._proxy.wires():
        assert f"{wire.source}[{wire.source_connector!r}] > {wire.target}[{wire.target_connector!r}]" in told
    assert len(list(parsed(net)[2].iter(f"{SVG}path"))) == len(net._proxy.wires())


def test_sound_flows_from_left_to_right(net):
    chain(net, 6)
    plan = laid_out(net)
    for wire in net._proxy.wires():
        source, target = plan.boxes[wire.source], plan.boxes[wire.target]
        assert source.x + source.width < target.x


def test_a_chain_is_straight(net):
    chain(net, 6)
    plan = laid_out(net)
    heights = {round(plan.boxes[wire.target].y + plan.boxes[wire.target].row("Port", "In", "In")) for wire in net._proxy.wires()}
    assert len(heights) == 1


@pytest.mark.parametrize("count", [2, 5, 16])
def test_voices_side_by_side_do_not_cross(net, count):
    voices(net, count)
    assert crossings(net) == 0


def test_wires_to_the_ports_of_one_box_do_not_cross(net):
    net.mixer = "Mixer"
    net.mixer.Inputs = 6
    for k in (3, 0, 5, 1, 4, 2):
        net[f"source {k}"] = "Source"
        net[f"source {k}"]["Out 1"] > net.mixer._inports[k]
    assert crossings(net) == 0


def test_no_boxes_overlap_at_sixty_processings(net):
    voices(net, 19)
    assert len(net) >= 59
    plan = laid_out(net)
    for one, other in itertools.combinations(plan.boxes.values(), 2):
        apart_across = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart_across or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert all(
        box.x >= 0 and box.y >= 0 and box.x + box.width <= plan.width and box.y + box.height <= plan.height for box in plan.boxes.values()
    )


@pytest.mark.parametrize("seed", range(12))
def test_any_wiring_can_be_drawn(net, seed):
    chance = random.Random(seed)
    for k in range(25):
        net[f"p{k}"] = chance.choice(["Source", "Filter", "Mixer", "Slider", "Sink"])
    names = list(net)
    for _ in range(60):
        net._proxy.batch()
        source, target = chance.choice(names), chance.choice(names)
        try:
            net[source] > net[target]
        except ValueError:
            continue
    plan = laid_out(net)
    assert len(list(parsed(net)[2].iter(f"{SVG}path"))) == len(net._proxy.wires())
    for one, other in itertools.combinations(plan.boxes.values(), 2):
        apart_across = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart_across or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_feedback_and_a_wire_to_oneself_are_drawn(net):
    net.one, net.two = "Filter", "Filter"
    net.one.Out > net.two.In
    net.two.Out > net.one.In
    net.one.Out > net.one.In
    assert len(list(parsed(net)[2].iter(f"{SVG}path"))) == 3


def test_what_is_not_wired_to_the_rest_stands_close_to_it(net):
    voices(net, 7)
    for k in range(3):
        net[f"alone {k}"], net[f"beside {k}"] = "Source", "Filter"
        net[f"alone {k}"]["Out 2"] > net[f"beside {k}"].In
    plan = laid_out(net)
    for k in range(3):
        gaps = []
        for one in (plan.boxes[f"alone {k}"], plan.boxes[f"beside {k}"]):
            place = plan.column_of[one.name]
            lower_edges = [box.y + box.height for box in plan.boxes.values() if plan.column_of[box.name] == place and box.y < one.y]
            gaps.append(one.y - max(lower_edges, default=placing.MARGIN - placing.BETWEEN))
        assert min(gaps) == pytest.approx(placing.BETWEEN)


def test_the_same_network_gives_the_same_picture(net):
    voices(net, 5)
    assert svg(net._proxy) == svg(net._proxy)


def test_names_may_hold_anything(net):
    net['<b> & "quotes"'] = "Source"
    net["bell \a"] = "Source"
    assert {'<b> & "quotes"', "bell \ufffd"} < set(words(net))


def test_an_empty_network_is_a_picture_too(net):
    assert parsed(net).tag == f"{SVG}svg"


def test_of_very_many_connectors_those_with_wires_are_shown(net):
    net.mixer, net.source = "Mixer", "Source"
    net.mixer.Inputs = 300
    net.source["Out 1"] > net.mixer._inports[200]
    shown = words(net)
    assert "In 201" in shown
    assert f"+ {300 - (boxes.SHOWN - 1)}" in shown
    assert len(shown) < 30


def test_controls_and_ports_look_different(net):
    net.filter, net.slider = "Filter", "Slider"
    net.slider.Value > net.filter.Q
    drawing = parsed(net)
    assert len(list(drawing.iter(f"{SVG}circle"))) == 3
    assert drawing[2][0].get("stroke-dasharray")


def test_placeholders_are_dashed():
    proxy = DummyProxy(types=[])
    proxy.add("ghost", TypeSpec("Gone", inports=["In"], incontrols=[ControlSpec("C")]))
    drawing = ElementTree.fromstring(svg(proxy))
    assert any(rect.get("stroke-dasharray") for rect in drawing.iter(f"{SVG}rect"))


def test_thousands_of_processings_are_drawn(net):
    with net._proxy.batch():
        for k in range(2000):
            net._proxy.add(f"f{k}", "Filter")
        for k in range(1999):
            net._proxy.connect(Wire("Port", f"f{k}", "Out", f"f{(k * 7 + 1) % 2000}", "In"))
    assert len(list(parsed(net)[2].iter(f"{SVG}path"))) == 1999


# -- files


def test_draw_writes_svg_and_png(net, tmp_path):
    chain(net, 3)
    net.draw(tmp_path / "net.svg")
    net.draw(str(tmp_path / "net.PNG"))
    drawing = ElementTree.parse(tmp_path / "net.svg").getroot()
    data = (tmp_path / "net.PNG").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (2 * int(drawing.get("width") or 0), 2 * int(drawing.get("height") or 0))


def test_another_suffix_is_refused(net, tmp_path):
    with pytest.raises(ValueError, match=r"net\.jpg' is not a picture file\. Use a name that ends with \.svg or \.png"):
        net.draw(tmp_path / "net.jpg")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_missed(net):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        net.draw("nowhere/net.svg")


WITHOUT = """
import sys
sys.modules[{module!r}] = None  # as if it were not installed
from ipyclam_core import Network, Placeholder
from ipyclam_core.errors import PictureError
net = Network("dummy")
net.osc = "Oscillator"
assert net._repr_svg_() is {shown}
try:
    net.draw({path!r})
except PictureError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("module", "package", "name", "shown"), [("igraph", "igraph", "net.svg", "None"), ("resvg_py", "resvg-py", "net.png", "not None")]
)
def test_what_is_not_installed_is_said(module, package, name, shown, tmp_path):
    code = WITHOUT.format(module=module, path=str(tmp_path / name), shown=shown)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"pip install {package}" in done.stdout
    assert not Path(tmp_path / name).exists()


def test_what_pictures_need_is_installed_with_ipyclam():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert {"igraph", "resvg-py"} <= {re.split("[<>=]", each)[0] for each in project["dependencies"]}
    assert project["optional-dependencies"]["pictures"] == []  # pip install 'ipyclam[pictures]' still works


def test_nothing_of_pictures_is_loaded_before_one_is_drawn():
    code = """if True:
        import sys
        from ipyclam_core import Network
        net = Network("dummy")
        net.osc = "Oscillator"
        print({"igraph", "resvg_py"} & set(sys.modules))
        net._repr_svg_()
        print({"igraph", "resvg_py"} & set(sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["set()", "{'igraph'}"]


def test_jupyter_shows_the_picture(net):
    chain(net, 2)
    assert net._repr_svg_() == svg(net._proxy)


def test_a_missing_layout_is_an_error_of_ours():
    assert issubclass(PictureError, RuntimeError)


def test_the_work_to_draw_grows_no_faster_than_the_wires() -> None:
    def calls(wires: int) -> int:
        ports = [f"p{k}" for k in range(wires)]
        net = Network("dummy")
        net.a = Placeholder("Evil", inports=ports, outports=ports)
        for port in ports:
            net.a._outports[port] > net.a._inports[port]
        made = 0

        def called(frame: object, event: str, argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        sys.setprofile(called)
        try:
            svg(net.proxy)
        finally:
            sys.setprofile(None)
        return made

    calls(1)  # the first picture loads igraph
    once, twice, four_times = (calls(wires) for wires in (200, 400, 800))
    assert four_times - twice <= 2.5 * (twice - once)
