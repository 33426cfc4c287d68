"""Loading the extension into a shell, and taking it out again."""

from __future__ import annotations

import warnings

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets import HasTraits

from ipyclam_core import Network
from ipyclam_core.frontend import network

MAGICS = {
    "play", "pause", "stop", "panic", "save", "open", "types", "tree", "undo", "redo", "history", "recover", "status", "render", "record",
    "scope", "meter", "listen",
}  # fmt: skip


def told(shell: InteractiveShell) -> dict[str, object]:
    """What an extension may change of a shell."""
    completer = shell.Completer
    assert isinstance(completer, HasTraits)
    return {
        "jedi": completer.use_jedi,
        "evaluation": completer.evaluation,
        "matchers": list(completer.custom_matchers),
        "magics": dict(shell.magics_manager.magics["line"]),
        "errors": shell.custom_exceptions,
        "configurables": list(shell.configurables),
    }


def test_loading_makes_a_network(shell: InteractiveShell) -> None:
    shell.run_line_magic("load_ext", "ipyclam_console")
    assert isinstance(shell.user_ns["net"], Network)
    assert shell.user_ns["net"].engine == "clam"
    assert shell.user_ns["Network"] is Network


@pytest.mark.parametrize("held", [5, None, Network("dummy")], ids=repr)
def test_loading_leaves_a_variable_of_that_name_alone(shell: InteractiveShell, held: object) -> None:
    shell.user_ns["net"] = held
    shell.run_line_magic("load_ext", "ipyclam_console")
    assert shell.user_ns["net"] is held


def test_the_engine_is_configured(shell: InteractiveShell) -> None:
    shell.config.Session.engine = "dummy"
    shell.run_line_magic("load_ext", "ipyclam_console")
    assert shell.user_ns["net"].engine == "dummy"


def test_every_magic_is_there_and_has_a_manual(console: InteractiveShell) -> None:
    manuals = {name: console.find_line_magic(name).__doc__ for name in MAGICS}
    assert all(f"%{name}" in manual for name, manual in manuals.items())


def test_completion_evaluates_nothing_while_it_is_loaded(console: InteractiveShell) -> None:
    assert (console.Completer.use_jedi, console.Completer.evaluation) == (False, "limited")


@pytest.mark.parametrize("evaluation", ["unsafe", "limited"])
def test_unloading_restores_everything(shell: InteractiveShell, evaluation: str) -> None:
    shell.Completer.use_jedi, shell.Completer.evaluation = True, evaluation
    (
        shell.find_line_magic("save"),
        shell.find_line_magic("history"),
        shell.find_line_magic("load_ext"),
    )  # IPython makes them when first asked for
    before = told(shell)
    shell.run_line_magic("load_ext", "ipyclam_console")
    shell.run_line_magic("unload_ext", "ipyclam_console")
    assert told(shell) == before


def test_unloading_keeps_variables(console: InteractiveShell, net: Network) -> None:
    net.osc = "Oscillator"
    console.run_line_magic("unload_ext", "ipyclam_console")
    assert console.user_ns["net"] is net
    assert list(net) == ["osc"]


def test_the_save_of_ipython_works_again_after_unloading(shell: InteractiveShell, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    shell.run_line_magic("load_ext", "ipyclam_console")
    shell.run_line_magic("unload_ext", "ipyclam_console")
    shell.run_cell("a = 1", store_history=True)
    shell.run_line_magic("save", f"{tmp_path}/typed.py 1")
    assert "a = 1" in (tmp_path / "typed.py").read_text()


def test_loading_again_is_loading_once(console: InteractiveShell) -> None:
    console.run_line_magic("reload_ext", "ipyclam_console")
    assert len(console.Completer.custom_matchers) == 2


def test_an_earlier_handler_of_errors_goes_on_and_comes_back(shell: InteractiveShell) -> None:
    seen: list[BaseException] = []
    shell.set_custom_exc((LookupError,), lambda shell, kind, error, trace, tb_offset=None: seen.append(error))
    shell.run_line_magic("load_ext", "ipyclam_console")
    shell.run_cell("{}['a']")
    shell.run_line_magic("unload_ext", "ipyclam_console")
    shell.run_cell("{}['b']")
    assert [str(error) for error in seen] == ["'a'", "'b'"]


def test_leaving_closes_the_networks(shell: InteractiveShell) -> None:
    shell.run_line_magic("load_ext", "ipyclam_console")
    shell.user_ns["net"] = net = Network("dummy")
    shell.user_ns["other"] = other = Network("dummy")
    net.play(), other.play()
    from ipyclam_console.extension import session_of

    session_of(shell).close()
    assert (net.state, other.state) == ("stopped", "stopped")


def test_our_warnings_are_notes_and_others_are_as_before(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(warnings, "showwarning", before := lambda message, *rest: heard.append(str(message)))
    shell.run_line_magic("load_ext", "ipyclam_console")
    warnings.simplefilter("always")
    warnings.warn_explicit("resampled", UserWarning, network.__file__, 1)
    warnings.warn_explicit("of theirs", UserWarning, __file__, 1)
    assert (capsys.readouterr().out, heard) == ("note: resampled\n", ["of theirs"])
    shell.user_ns["net"] = Network("clam")
    shell.run_cell("net.osc, net.out = 'Oscillator', 'AudioSink'; net.osc.Amplitude = 1.0; net.volume = 6; net.osc > net.out")
    shell.run_cell("sound = net.render(0.1)")
    assert "\nnote: the render is above full scale: out by 6.0 dB. " in capsys.readouterr().out
    assert heard == ["of theirs"]
    shell.user_ns["net"].close()
    shell.run_line_magic("unload_ext", "ipyclam_console")
    assert warnings.showwarning is before
