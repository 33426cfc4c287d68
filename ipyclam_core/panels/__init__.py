"""Panels of sliders in a notebook, by ipywidgets: one slider for each in control that has a range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..errors import NameError_, PanelError
from ..proxy import Change, ConnectorId, ControlSpec, NetworkProxy
from ..system.display import escaped

MOST: Final = 200
"""Sliders of one panel."""

_STEPS: Final = 500
"""Of a slider, from one end to the other."""


def panel(proxy: NetworkProxy, chosen: Mapping[str, Iterable[str] | None]) -> Any:
    """A widget with sliders for the controls of the chosen processings; None for all that have a range.

    Moving a slider sets the control, as one types it. The sliders follow values that are set elsewhere.

    Raises
    ------
    PanelError
        ipywidgets is not installed, there is no control with a range, or there are too many.
    """
    try:
        import ipywidgets
    except ImportError:
        raise PanelError("a panel needs ipywidgets. Install it in a terminal: pip install 'ipyclam[jupyter]'") from None
    controls = {name: list(_ranged(proxy, name, wanted)) for name, wanted in chosen.items()}
    count = sum(map(len, controls.values()))
    if not count:
        owner = next(iter(chosen)) if len(chosen) == 1 else "the network"
        raise PanelError(f"{owner} has no control with a range, so there is nothing to make sliders of")
    if count > MOST:
        raise PanelError(
            f"{count} sliders are too many for a panel: {MOST} at most. Name some processings: net.panel({next(iter(chosen))!r})"
        )
    return _Sliders(proxy, ipywidgets, {name: specs for name, specs in controls.items() if specs}).box


def _ranged(proxy: NetworkProxy, name: str, wanted: Iterable[str] | None) -> Iterator[ControlSpec]:
    """The controls of a processing that have a range."""
    for spec in proxy.processings()[name].connectors.incontrols:
        if wanted is not None and spec.name not in wanted:
            continue
        if has_range(spec):
            yield spec
        elif wanted is not None:
            raise PanelError(
                f"the control {spec.name!r} of {name} has no range, so it gets no slider. To set it: net[{name!r}][{spec.name!r}] = 1.0"
            )


def has_range(spec: ControlSpec) -> bool:
    """Whether a control gets a slider."""
    low, high = spec.minimum, spec.maximum
    return spec.type == "float" and low is not None and high is not None and math.isfinite(low) and math.isfinite(high) and low < high


class _Sliders:
    """The sliders of a panel, and the observer that moves them.

    The network holds them by that observer, until the panel is closed.
    """

    def __init__(self, proxy: NetworkProxy, widgets: Any, controls: Mapping[str, Iterable[ControlSpec]]) -> None:
        self._proxy, self._widgets = proxy, widgets
        self._sliders: dict[tuple[str, str], Any] = {}
        self._followed: dict[Any, float] = {}
        """The value that each slider has because its control has it."""
        self._heads: dict[str, Any] = {}
        rows = []
        for name, specs in controls.items():
            self._heads[name] = widgets.Label(escaped(name), style={"font_weight": "bold"})
            made = [self._slider(name, spec) for spec in specs]
            rows.append(widgets.VBox([self._heads[name], *made]))
        self.box = _box_type(widgets)(rows)
        self._cancel = proxy.observe(self._heard)

    def _slider(self, name: str, spec: ControlSpec) -> Any:
        assert spec.minimum is not None
        assert spec.maximum is not None
        facts: dict[str, Any] = {
            "description": escaped(f"{spec.name} ({spec.unit})" if spec.unit else spec.name), "tooltip": escaped(spec.doc or spec.name),
            "readout_format": ".4g", "style": {"description_width": "12em"}, "layout": {"width": "36em"},
        }  # fmt: skip
        if spec.unit == "Hz" and spec.minimum > 0:  # pitch is heard in ratios
            low, high = math.log10(spec.minimum), math.log10(spec.maximum)
            slider = self._widgets.FloatLogSlider(base=10.0, min=low, max=high, step=(high - low) / _STEPS, **facts)
        else:
            step = (spec.maximum - spec.minimum) / _STEPS
            slider = self._widgets.FloatSlider(min=spec.minimum, max=spec.maximum, step=step, **facts)
        self._sliders[name, spec.name] = slider
        self._show(name, spec.name)
        slider.observe(lambda change: self._moved(slider, float(change["new"])), "value")
        return slider

    def _moved(self, slider: Any, value: float) -> None:
        """Set the control of a slider that was moved, not of one that follows."""
        key = next((key for key, each in self._sliders.items() if each is slider), None)
        if key is None or value == self._followed[slider]:
            return
        try:
            self._followed[slider] = value
            self._proxy.set_control(*key, value)
        except NameError_:  # another thread has just removed it
            slider.disabled = True

    def _show(self, name: str, control: str) -> None:
        """Let a slider follow its control. A control that wires feed cannot be set by hand."""
        slider, end = self._sliders[name, control], ConnectorId(name, "Control", "In", control)
        slider.disabled = bool(self._proxy.peers(end))
        low, high = slider.min, slider.max
        if hasattr(slider, "base"):
            low, high = slider.base**low, slider.base**high
        value = min(max(self._proxy.value(end), low), high)
        self._followed[slider] = value
        slider.value = value

    def _heard(self, change: Change) -> None:
        if self.box.comm is None:  # the panel was closed
            self._cancel()
            return
        names = [end for end in change.names if isinstance(end, str)]
        if change.kind in ("connected", "disconnected"):
            wire = change.after or change.before
            self._follow(wire.target, wire.target_connector)
        elif change.kind == "control":
            self._follow(*names)
        elif change.kind == "renamed":
            self._rename(*names)
        elif change.kind in ("configured", "added", "removed"):
            for name, control in [key for key in self._sliders if key[0] in names]:
                self._follow(name, control)

    def _follow(self, name: str, control: str) -> None:
        slider = self._sliders.get((name, control))
        if slider is None:
            return
        try:
            self._show(name, control)
        except NameError_:  # it is gone
            slider.disabled = True

    def _rename(self, before: str, after: str) -> None:
        self._sliders = {(after if name == before else name, control): slider for (name, control), slider in self._sliders.items()}
        if before in self._heads:
            self._heads[after] = self._heads.pop(before)
            self._heads[after].value = escaped(after)


def _box_type(widgets: Any) -> type[Any]:
    """A box of rows that says in a terminal what it is: only a notebook shows it."""

    def say(box: Any, printer: Any, cycle: bool) -> None:
        count = sum(len(rows.children) - 1 for rows in box.children)
        printer.text(f"a panel of {count} slider{'' if count == 1 else 's'}, which a notebook shows")

    return type("Panel", (widgets.VBox,), {"_repr_pretty_": say})
