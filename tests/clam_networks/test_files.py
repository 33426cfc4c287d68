"""Every network of CLAM's own tree loads, and what is saved says the same."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from clam.material import NETWORKS
from clam.specs import type_specs

from ipyclam_core import Network
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.proxy import TypeSpec


@pytest.fixture(scope="session")
def types() -> list[TypeSpec]:
    """All of CLAM's types."""
    return type_specs()


@pytest.fixture(params=["known types", "unknown types", "the engine"])
def some_types(request: pytest.FixtureRequest, types: list[TypeSpec]) -> list[TypeSpec] | None:
    """What types are known: all of CLAM's, none of them, or (None) those of the engine clam."""
    return {"known types": types, "unknown types": [], "the engine": None}[request.param]


@pytest.fixture(scope="session")
def files() -> list[Path]:
    names = [entry["name"] for entry in json.loads((NETWORKS / "index.json").read_text())]
    assert len(names) == 76
    return [NETWORKS / name / "network.clamnetwork" for name in names]


def loaded(types: list[TypeSpec] | None, path: Path) -> Network:
    network = Network("clam") if types is None else Network(DummyProxy(types))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of wires that wait
        network.load(path)
    return network


def content(network: Network) -> tuple[Any, ...]:
    states = network._proxy.processings().values()
    processings = [(s.name, s.spec.name, s.connectors, dict(s.config), s.position, s.size, s.placeholder) for s in states]
    return processings, set(network._proxy.wires()), network._proxy.info()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".clamnetwork", ".py"])
def test_a_saved_network_is_the_same_network(suffix: str, some_types: list[TypeSpec] | None, files: list[Path], tmp_path: Path) -> None:
    for path in files:
        network = loaded(some_types, path)
        network.save(tmp_path / f"saved{suffix}")
        again = loaded(some_types, tmp_path / f"saved{suffix}")
        assert content(again) == content(network), path
        assert again == network


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".clamnetwork", ".py"])
def test_saving_what_was_saved_gives_the_same_text(
    suffix: str, some_types: list[TypeSpec] | None, files: list[Path], tmp_path: Path
) -> None:
    for path in files:
        loaded(some_types, path).save(tmp_path / f"one{suffix}")
        loaded(some_types, tmp_path / f"one{suffix}").save(tmp_path / f"two{suffix}")
        assert (tmp_path / f"one{suffix}").read_text() == (tmp_path / f"two{suffix}").read_text(), path


def test_no_processing_and_no_wire_is_lost(some_types: list[TypeSpec] | None, files: list[Path]) -> None:
    for path in files:
        network, root = loaded(some_types, path), ElementTree.parse(path).getroot()
        assert len(network) == len(root.findall("processing"))
        ends = {(w.findtext("out"), w.findtext("in")) for kind in ("port", "control") for w in root.findall(f"{kind}_connection")}
        wires = {*network._proxy.wires(), *network._proxy.info().waiting}
        assert len(wires) == len(ends), path
        if some_types == []:  # else some have the names of today
            assert {(f"{w.source}.{w.source_connector}", f"{w.target}.{w.target_connector}") for w in wires} == ends, path


def test_placeholders_are_written_as_they_were_read(files: list[Path], tmp_path: Path) -> None:
    def elements(path: Path) -> list[Any]:
        def whole(element: ElementTree.Element) -> Any:
            text = "" if len(element) else element.text or ""
            return element.tag, sorted(element.attrib.items()), text.strip() and text, [whole(child) for child in element]

        return [whole(element) for element in ElementTree.parse(path).getroot().findall("processing")]

    for path in files:
        loaded([], path).save(tmp_path / "saved.clamnetwork")
        assert elements(tmp_path / "saved.clamnetwork") == elements(path)


def test_a_network_with_a_wire_between_streams_and_buffers_keeps_it_waiting(types: list[TypeSpec]) -> None:
    network = Network(DummyProxy(types))
    path = NETWORKS / "CLAM__examples__PluginExamples__Lv2PluginExample__stereocable" / "network.clamnetwork"
    with pytest.warns(UserWarning, match=r"1 wire could not be connected, but is kept.*SimpleOscillator\.Audio Output > Tone\.1"):
        network.load(path)
    assert [wire.target for wire in network._proxy.info().waiting] == ["Tone"]
