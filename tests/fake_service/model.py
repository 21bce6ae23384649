"""A made-up model in use, in the shape of `/v1/model`."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request

from fake_service.people import NOW, Json, stamp

FEATURES = ("speed_ratio", "range_loss", "tempo_breaks", "relative_load")


def _model(fake: Any, _request: Request) -> Json:
    is_new = fake.mood == "empty"
    return {
        "as_of": stamp(NOW),
        "policy": "steady",
        "model": None if is_new else "effort-8ceaac0511cd",
        "signed_by": None if is_new else "model-66a7cee2",
        "refused": None,
        "card": None if is_new else CARD,
        "waiting": 3,
        "drift": _drift([] if is_new else list(FEATURES)),
        "overrides": [] if is_new else [_week(place) for place in range(8)],
        "limit_changes": [] if is_new else [{"week": stamp(NOW), "signed": 6, "narrower": 1}],
        "challenger_refused": None,
        "shadow": [] if is_new else [_challenger()],
    }


CARD: Json = {
    "people": 3000,
    "sets": 75140,
    "held_out_people": 600,
    "coverage": 0.8026,
    "coverage_worst_tenth": 0.5,
    "width_reps": 3.0476,
    "mae_reps": 1.2036,
    "mae_of_median_reps": 3.9594,
    "parts": [
        {"name": name, "sets": 269, "coverage": 0.79, "width_reps": 3.2, "mae_reps": 1.24}
        for name in ("female, age 40 to 59, mild", "male, age from 60, severe", "without speed")
    ],
}


def _drift(features: list[str]) -> Json:
    verdicts = ("steady", "watch", "drifted", "not_enough_data")
    psi = (0.04, 0.16, 0.31, None)
    rows = [
        {"feature": feature, "sets": 400, "psi": moved, "verdict": verdict}
        for feature, moved, verdict in zip(features, psi, verdicts, strict=False)
    ]
    few = "not_enough_data"
    return {
        "sets": 400 if features else 0,
        "inputs": rows,
        "recent": rows,
        "coverage": {
            "sets": 120,
            "inside": 97,
            "share": 0.81 if features else None,
            "verdict": "steady" if features else few,
        },
        "innovations": {
            "sets": 80,
            "mean": 0.08 if features else None,
            "sd": 1.31 if features else None,
            "verdict": "watch" if features else few,
        },
    }


def _week(place: int) -> Json:
    return {
        "week": stamp(NOW - timedelta(weeks=7 - place)),
        "policy": "steady",
        "settings": 240,
        "applied": 210,
        "refused": 2,
        "expired": 28,
        "narrowed": 6,
        "too_heavy": 3,
        "staff": 2,
        "share": round(0.09 - 0.006 * place, 4),
    }


def _challenger() -> Json:
    bins = [
        {"above": low, "up_to": low + 0.2, "sets": 60, "predicted": low + 0.1, "observed": low + 0.12}
        for low in (0.0, 0.2, 0.4)
    ]
    judged = {"sets": 180, "predicted": 0.3, "observed": 0.33, "brier": 0.14, "bins": bins}
    return {
        "policy": "linear",
        "model": "effort-8ceaac0511cd",
        "report": {
            "decisions": 1240,
            "failed": 0,
            "agreement": 0.71,
            "load_difference_pct": 4.2,
            "raised_while_held": 90,
            "held_while_raised": 12,
            "violations": 0,
            "champion": judged,
            "challenger": judged | {"bins": [one | {"observed": one["observed"] + 0.1} for one in bins]},
        },
        "may_not_act": "It has decided on 1,240 of the 2,000 sets that it needs.",
    }


ROUTES = {"GET /v1/model": _model}
