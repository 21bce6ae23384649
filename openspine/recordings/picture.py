"""The picture of an import: angle and torque over time, with what counts as a repetition shaded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from openspine.pictures import GOAL, OURS

if TYPE_CHECKING:
    from contract.recording import Sample
    from emulator.recordings.detected import Detected

WIDTH, ANGLE_HEIGHT, TORQUE_HEIGHT = 860, 300, 130  # points
POINTS_MOST = 4_000  # more than a line of that width can show
REP, PARTIAL, POSITIONING = "repetition", "partial repetition", "movement, not a repetition"
COLOURS: Final = {REP: "#009E73", PARTIAL: "#E69F00", POSITIONING: "#6B7785"}
HEADROOM = 1.14  # above the highest angle, for the numbers
Json = dict[str, Any]


def chart(file: str, samples: "Sequence[Sample]", found: "Detected") -> Json:
    """Return the Vega-Lite specification."""
    reps = "1 repetition" if len(found.reps) == 1 else f"{len(found.reps)} repetitions"
    others = (
        f"{len(found.positioning)} other movements" if len(found.positioning) != 1 else "1 other movement"
    )
    lasted_s = (samples[-1].mono_ms - samples[0].mono_ms) / 1_000
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {
            "text": f"{file}: {reps}",
            "subtitle": f"{len(samples):,} samples, {lasted_s:.1f} s; a full repetition counts "
            f"{found.span_deg:.0f} deg; {others}",
        },
        "data": {"values": points(samples)},
        "vconcat": [_angle(samples, found), _torque(found)],
        "spacing": 8,
        "resolve": {"scale": {"x": "shared", "color": "shared"}},
    }


def points(samples: "Sequence[Sample]") -> list[Json]:
    """Return every n-th sample, so many that no rep loses its shape."""
    step = -(-len(samples) // POINTS_MOST)
    first_ms = samples[0].mono_ms
    return [
        {"t": (one.mono_ms - first_ms) / 1_000, "deg": one.deg, "nm": one.torque_nm}
        for one in samples[::step]
    ]


def bands(found: "Detected") -> list[Json]:
    """Return what is shaded: from, to, what it is, and the label."""
    reps = [
        {
            "from": one.start_s,
            "to": one.end_s,
            "what": PARTIAL if one.is_partial else REP,
            "label": str(number),
        }
        for number, one in enumerate(found.reps, start=1)
    ]
    others = [
        {"from": one.start_s, "to": one.end_s, "what": POSITIONING, "label": "not a rep"}
        for one in found.positioning
    ]
    return sorted(reps + others, key=lambda one: float(str(one["from"])))


def _angle(samples: "Sequence[Sample]", found: "Detected") -> Json:
    angles = [one.deg for one in samples]
    lowest, highest = min(*angles, 0.0), max(angles)
    top = lowest + (highest - lowest) * HEADROOM or 1.0
    line = {
        "mark": {"type": "line", "color": OURS, "strokeWidth": 1.6},
        "encoding": {"x": _time(labels=False), "y": _axis("deg", "travel, deg", [lowest, top])},
    }
    labels = {
        "data": {"values": [one | {"middle": (one["from"] + one["to"]) / 2} for one in bands(found)]},
        "mark": {"type": "text", "baseline": "top", "dy": 4, "fontSize": 12, "fontWeight": "bold"},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "y": {"datum": top},
            "text": {"field": "label"},
            "color": _colour(),
        },
    }
    return {"width": WIDTH, "height": ANGLE_HEIGHT, "layer": [_shaded(found), line, labels]}


def _torque(found: "Detected") -> Json:
    line = {
        "mark": {"type": "line", "color": GOAL, "strokeWidth": 1.2},
        "encoding": {"x": _time(labels=True), "y": _axis("nm", "torque, Nm", None)},
    }
    return {"width": WIDTH, "height": TORQUE_HEIGHT, "layer": [_shaded(found), line]}


def _shaded(found: "Detected") -> Json:
    return {
        "data": {"values": bands(found)},
        "mark": {"type": "rect", "opacity": 0.16},
        "encoding": {
            "x": {"field": "from", "type": "quantitative"},
            "x2": {"field": "to"},
            "color": _colour(),
        },
    }


def _colour() -> Json:
    scale = {"domain": list(COLOURS), "range": list(COLOURS.values())}
    legend = {"orient": "bottom", "title": None, "symbolOpacity": 1, "symbolType": "square"}
    return {"field": "what", "type": "nominal", "scale": scale, "legend": legend}


def _time(*, labels: bool) -> Json:
    title = "seconds" if labels else None
    axis = {"labels": labels, "title": title, "grid": False, "ticks": labels}
    return {"field": "t", "type": "quantitative", "axis": axis, "scale": {"nice": False}}


def _axis(field: str, title: str, domain: list[float] | None) -> Json:
    scale: Json = {"domain": domain, "nice": False} if domain is not None else {}
    return {"field": field, "type": "quantitative", "title": title, "scale": scale}
