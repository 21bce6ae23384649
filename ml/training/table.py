"""Columns of finished sets (one row a set, reps as rows x reps) into the features of the effort model."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.effort.features import EARLY_SHARE, FEATURES, FRESH_REST_S, LATE_WEIGHTS, SLOW_REP

Array = NDArray[np.float64]
Table = Mapping[str, Any]


def matrix(table: Table) -> Array:
    """Return the features, rows x `FEATURES`, as `ml.effort.features.features` finds them in a live set."""
    reps = _one(table, "reps")
    speed, concentric = _many(table, "rep_mean_speed_deg_s"), _many(table, "rep_concentric_s")
    eccentric, smoothness = _many(table, "rep_eccentric_s"), _many(table, "rep_smoothness")
    span = _many(table, "rep_end_deg") - _many(table, "rep_start_deg")
    torque, peak = _many(table, "rep_mean_torque_nm"), _many(table, "rep_peak_torque_nm")
    tempo = [_one(table, f"tempo_{part}_s") for part in ("concentric", "hold", "eccentric")]
    found = {
        "speed_ratio": _late(speed, reps) / _early(speed, reps),
        "concentric_ratio": _late(concentric, reps) / tempo[0],
        "eccentric_ratio": _late(eccentric, reps) / tempo[2],
        "tempo_trend": _late(concentric, reps) / _early(concentric, reps),
        "eccentric_trend": _late(eccentric, reps) / _early(eccentric, reps),
        "smoothness_trend": _late(smoothness, reps) - _early(smoothness, reps),
        "range_loss": 1.0 - _late(span, reps) / _early(span, reps),
        "torque_trend": _late(torque, reps) / _early(torque, reps),
        "ripple_trend": _late(peak / torque, reps) / _early(peak / torque, reps),
        "reps": reps,
        "partial_reps": _one(table, "partial_reps"),
        "tempo_breaks": (concentric > SLOW_REP * tempo[0][:, None]).sum(axis=1),
        "relative_load": _one(table, "believed_relative_load"),
        "set": _one(table, "set"),
        "rest_s": np.where(_one(table, "set") == 1, FRESH_REST_S, _one(table, "rest_s")),
        "age_years": _one(table, "age_years"),
        "rep_s": sum(tempo),
    }
    return np.column_stack([found[name] for name in FEATURES])


def fingerprint(table: Table) -> str:
    """Return the SHA-256 of a table's columns, so that a card says what it was trained on."""
    digest = hashlib.sha256()
    for name in sorted(table):
        digest.update(name.encode())
        values = table[name]
        is_numbers = isinstance(values, np.ndarray) and values.dtype.kind in "iufb"
        digest.update(values.tobytes() if is_numbers else "\x1f".join(map(str, values)).encode())
    return digest.hexdigest()


def _one(table: Table, name: str) -> Array:
    return np.asarray(table[name], dtype=np.float64)


def _many(table: Table, name: str) -> Array:
    return np.atleast_2d(np.asarray(table[name], dtype=np.float64))


def _early(values: Array, reps: Array) -> Array:
    """Mean of the first half of every row's reps."""
    first = np.ceil(reps * EARLY_SHARE)[:, None]
    columns = np.arange(values.shape[1])[None, :]
    return np.asarray(np.where(columns < first, values, 0.0).sum(axis=1) / first[:, 0])


def _late(values: Array, reps: Array) -> Array:
    """Weighted mean of the last reps of every row, the newest most."""
    total, weights = np.zeros(len(reps)), np.zeros(len(reps))
    for back, weight in enumerate(LATE_WEIGHTS):
        place = reps.astype(np.int64) - 1 - back
        is_there = place >= 0
        value = values[np.arange(len(reps)), np.maximum(place, 0)]
        total += np.where(is_there, value * weight, 0.0)
        weights += np.where(is_there, weight, 0.0)
    return total / weights
