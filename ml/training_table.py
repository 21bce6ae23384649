"""Columns of finished sets (one row a set, reps as rows x reps) into the features of the effort model."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features import EDGE_REPS, FEATURES, FRESH_REST_S

Array = NDArray[np.float64]
Table = Mapping[str, Any]
BLUR_LOG_SD = 0.33  # a belief knows capacity no better at first (science 3.1): the model must not lean on it


def matrix(table: Table, seed: int) -> Array:
    """Return the features, rows x `FEATURES`; the true relative load is blurred as a belief would blur it."""
    blur = np.exp(np.random.default_rng([seed, 1]).normal(0.0, BLUR_LOG_SD, len(_one(table, "set"))))
    reps = _one(table, "reps")
    speed, concentric = _many(table, "rep_mean_speed_deg_s"), _many(table, "rep_concentric_s")
    smoothness = _many(table, "rep_smoothness")
    span = _many(table, "rep_end_deg") - _many(table, "rep_start_deg")
    tempo = [_one(table, f"tempo_{part}_s") for part in ("concentric", "hold", "eccentric")]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "speed_ratio": _last(speed, reps) / np.nanmax(_padded(speed), axis=1),
            "concentric_ratio": _last(concentric, reps) / tempo[0],
            "eccentric_ratio": _last(_many(table, "rep_eccentric_s"), reps) / tempo[2],
            "tempo_trend": _last(concentric, reps) / _first(concentric),
            "smoothness_trend": _last(smoothness, reps) - _first(smoothness),
            "range_loss": 1.0 - _last(span, reps) / _first(span),
            "reps": reps,
            "partial_reps": _one(table, "partial_reps"),
            "relative_load": _one(table, "relative_load") * blur,
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


def _padded(values: Array) -> Array:
    """Return the values with 0 for a row without any rep, which would warn."""
    return np.where(np.isnan(values).all(axis=1, keepdims=True), 0.0, values)


def _first(values: Array) -> Array:
    """Mean of the first reps; nan columns beyond the reps done do not count."""
    return _mean(values[:, :EDGE_REPS])


def _last(values: Array, reps: Array) -> Array:
    columns = np.arange(values.shape[1])[None, :]
    is_last = (columns < reps[:, None]) & (columns >= reps[:, None] - EDGE_REPS)
    return _mean(np.where(is_last, values, np.nan))


def _mean(values: Array) -> Array:
    count = (~np.isnan(values)).sum(axis=1)
    return np.where(count > 0, np.nansum(values, axis=1) / np.maximum(count, 1), np.nan)
