"""What is saved and loaded again is equal, for every network that the format can say, whatever its names are."""

from __future__ import annotations

import re
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from strategies import networks, processing_names, words

from ipyclam_core import Network
from ipyclam_core.errors import NotWritable

IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML


def possible(text: str) -> bool:
    return IMPOSSIBLE.search(text) is None


xml_networks = networks(processing_names.filter(possible), words.filter(possible), placeholders=False)
some_networks = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def saved_and_loaded(network: Network, suffix: str, **options: Any) -> tuple[Network, str, str]:
    """The network after saving and loading, and the texts of the file when saved once and twice."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what .clamnetwork cannot hold
        path = Path(folder) / f"x{suffix}"
        network.save(path)
        first = path.read_text()
        again = Network("dummy")
        again.load(path, **options)
        again.save(path)
        return again, first, path.read_text()


def places(network: Network) -> list[Any]:
    return [(state.position, state.size, state.connectors, state.placeholder) for state in network._proxy.processings().values()]


@pytest.mark.parametrize("trusted", [False, True])
@some_networks
@given(network=networks())
def test_python_files(trusted: bool, network: Network) -> None:
    again, first, second = saved_and_loaded(network, ".py", trusted=trusted)
    assert again == network
    assert places(again) == places(network)
    assert again.code() == network.code()
    assert second == first


@some_networks
@given(network=xml_networks)
def test_clam_files(network: Network) -> None:
    for processing in list(network):
        for control in network[processing]._incontrols:
            network._proxy.set_control(processing, control.name, None)  # which the format cannot hold
    try:
        again, first, second = saved_and_loaded(network, ".clamnetwork")
    except NotWritable:
        assume(False)  # dots in names that make one wire look like another
    assert again == network
    assert places(again) == places(network)
    assert second == first


@some_networks
@given(network=networks(processing_names.filter(possible), words.filter(possible)))
def test_clam_files_with_placeholders_give_the_same_text(network: Network) -> None:
    try:
        again, first, second = saved_and_loaded(network, ".clamnetwork")
    except NotWritable:
        assume(False)
    assert list(again) == list(network)
    assert again._proxy.wires() == network._proxy.wires()
    assert second == first
