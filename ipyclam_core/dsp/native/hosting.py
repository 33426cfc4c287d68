"""The kernel of every plugin that runs in this process: it copies ports and controls, and calls the plugin's function by its address."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from ..memory.hosting import (
    BOOL,
    CAPACITY,
    CONTROL_CELL,
    CONTROL_COUNT,
    CONTROL_HIGHEST,
    CONTROL_KIND,
    CONTROL_LOWEST,
    CONTROL_TARGET,
    CONTROL_WORDS,
    HANDLE,
    HEAD_WORDS,
    IN_CONTROLS,
    IN_PORTS,
    INT,
    OUT_CONTROLS,
    OUT_PORTS,
    RUN,
    SENT,
)  # fmt: skip
from ..memory.program import OP_BASE, OP_INPUTS, OP_OUTPUTS
from .memory import caller, load_acquire, load_f32, load_f64, load_i64, store_f32, store_f64, store_i64
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
call_run = caller(types.void, types.int64, types.int64)


@inline
def _give_controls(base, controls, count):  # type: ignore[no-untyped-def]
    """Give the plugin the values of its in controls, within their ranges: beyond them some plugins leave their memory."""
    for k in range(count):
        control = controls + 8 * CONTROL_WORDS * k
        value, kind = load_f64(base + load_i64(control, CONTROL_CELL), 0), load_i64(control, CONTROL_KIND)
        if value != value:
            value = 0.0
        if kind == BOOL:
            value = 1.0 if value > 0.0 else 0.0
        elif kind == INT:
            value = np.floor(value + 0.5)
        value = min(max(value, load_f64(control, CONTROL_LOWEST)), load_f64(control, CONTROL_HIGHEST))
        store_f32(load_i64(control, CONTROL_TARGET), 0, np.float32(value))


@inline
def _send_controls(base, table, controls, count):  # type: ignore[no-untyped-def]
    """Send the out controls that have changed, and all of them the first time."""
    fresh = load_i64(table, SENT) == 0
    for k in range(count):
        control = controls + 8 * CONTROL_WORDS * k
        cell, sent = base + load_i64(control, CONTROL_CELL), base + load_i64(control, CONTROL_COUNT)
        value = np.float64(load_f32(load_i64(control, CONTROL_TARGET), 0))
        if value == value and (fresh or value != load_f64(cell, 0)):
            store_f64(cell, 0, value)
            store_i64(sent, 0, load_i64(sent, 0) + 1)
    store_i64(table, SENT, 1)


@inline
def _copy(target, target_stride, source, source_stride, frames):  # type: ignore[no-untyped-def]
    for i in range(frames):
        store_f32(target, i * target_stride, load_f32(source, i * source_stride))


def host(op: int, frames: int) -> None:
    """Run a plugin for a block. Its ports have memory of their own, so it may work in place or not; without one it is silent."""
    base = load_i64(op, OP_BASE)
    ins, outs, table = load_i64(op, OP_INPUTS), load_i64(op, OP_OUTPUTS), load_i64(base, 0)
    in_ports, out_ports = load_i64(table, IN_PORTS), load_i64(table, OUT_PORTS)
    run, handle = load_acquire(table + 8 * RUN), load_i64(table, HANDLE)
    buffers = table + 8 * HEAD_WORDS
    controls = buffers + 8 * (in_ports + out_ports)
    if run != 0:
        _give_controls(base, controls, load_i64(table, IN_CONTROLS))
    done = 0
    while done < frames:
        count = min(frames - done, CAPACITY)
        if run != 0:
            for p in range(in_ports):
                stride = load_i64(ins, 2 * p + 1)
                _copy(load_i64(buffers, p), 1, load_i64(ins, 2 * p) + 4 * stride * done, stride, count)
            call_run(run, handle, count)
        for p in range(out_ports):
            stride = load_i64(outs, 2 * p + 1)
            _copy(load_i64(outs, 2 * p) + 4 * stride * done, stride, load_i64(buffers, in_ports + p), 1, count)
        done += count
    if run != 0:
        _send_controls(base, table, controls + 8 * CONTROL_WORDS * load_i64(table, IN_CONTROLS), load_i64(table, OUT_CONTROLS))
