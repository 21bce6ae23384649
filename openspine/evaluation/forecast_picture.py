"""The picture of `evaluate forecast`: error by method, error by past, calibration of the interval."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openspine.pictures import GOAL, OTHER, OURS

Rows = Sequence[Mapping[str, Any]]
NAMES: Final = {
    "last": "Last set",
    "epley": "Epley",
    "kalman": "Kalman (scalar)",
    "ridge": "Ridge regression",
    "hist_gradient_boosting": "Gradient boosting",
    "belief_alone": "Belief alone",
    "overall_median": "Median of all",
    "machine_median": "Median of the machine",
    "mean_of_others": "Mean of the other machines",
    "openspine": "OpenSpine",
}
SHOWN_BY_PAST: Final = ("last", "ridge", "openspine")
WIDTH, HEIGHT = 420, 220
INDEPENDENT: Final = {"resolve": {"legend": {"color": "independent"}}}  # each legend stays with its panel


def chart(found: Mapping[str, Any], calibration: Rows) -> dict[str, Any]:
    """Return the Vega-Lite specification of all three panels."""
    second = [_by_past(found["mae_by_sets_seen"]), _calibration(calibration)]
    return {
        **_whole(found),
        **INDEPENDENT,
        "vconcat": [_methods(found), {"hconcat": second, "spacing": 40, **INDEPENDENT}],
    }


def methods_only(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Vega-Lite specification of the errors by method."""
    return {**_whole(found), "vconcat": [_methods(found)]}


def _whole(found: Mapping[str, Any]) -> dict[str, Any]:
    interval = found["interval_80_percent"]
    cohort = (
        f"{found['forecasts']:,} forecasts, {found['people']} people, {found['split']}, seed {found['seed']}"
    )
    covered = (
        f"80 % interval: covers {100 * interval['coverage']:.1f} %, {interval['width']:.2f} {found['unit']} "
        f"wide, person at the worst tenth {100 * interval['worst_decile_person']:.0f} %"
    )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {
            "text": f"Forecast: {found['what'].split(',')[0]}",
            "subtitle": [cohort, covered],
            "fontSize": 18,
        },
        "spacing": 28,
    }


def _methods(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "method": NAMES[name],
            "mae": one["mae"],
            "low": one["mae_95_percent"][0],
            "high": one["mae_95_percent"][1],
        }
        for name, one in found["methods"].items()
    ]
    method = {
        "field": "method",
        "type": "nominal",
        "sort": {"field": "mae", "order": "descending"},
        "title": None,
    }
    colour = {"condition": {"test": f"datum.method == '{NAMES['openspine']}'", "value": OURS}, "value": OTHER}
    error = {"field": "mae", "type": "quantitative", "title": f"mean absolute error ({found['unit']})"}
    whisker = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, "y": method}
    layers = [
        {
            "mark": {"type": "bar", "height": {"band": 0.65}},
            "encoding": {"x": error, "y": method, "color": colour},
        },
        {"mark": {"type": "rule", "strokeWidth": 1.5, "color": "#323F4B"}, "encoding": whisker},
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11},
            "encoding": {
                "x": {"field": "high", "type": "quantitative"},
                "y": method,
                "text": {"field": "mae", "format": ".2f"},
            },
        },
    ]
    goal = found.get("goals", {}).get("mae")
    if goal:
        layers.append(_goal_line("x", goal["goal"], f"goal {goal['goal']:.2f}"))
    title = "Error by method, with its 95 % interval over people"
    return {"data": {"values": rows}, "layer": layers, "title": title, "width": 2 * WIDTH + 40, "height": 210}


def _by_past(table: Rows) -> dict[str, Any]:
    lowest = [int(one["sets_seen_from"]) for one in table]
    labels = [
        f"{first}" if upto == first + 1 else f"{first}-{upto - 1}" if upto else f"{first}+"
        for first, upto in zip(lowest, [*lowest[1:], 0], strict=True)
    ]
    rows = [
        {"seen": label, "method": NAMES[name], "mae": one[name]}
        for label, one in zip(labels, table, strict=True)
        for name in SHOWN_BY_PAST
    ]
    colours = {"domain": [NAMES[name] for name in SHOWN_BY_PAST], "range": [OTHER, "#E69F00", OURS]}
    encoding = {
        "x": {
            "field": "seen",
            "type": "ordinal",
            "sort": labels,
            "title": "sets seen before",
            "axis": {"labelAngle": 0},
        },
        "y": {
            "field": "mae",
            "type": "quantitative",
            "title": "mean absolute error (reps)",
            "scale": {"zero": False},
        },
        "color": {
            "field": "method",
            "type": "nominal",
            "scale": colours,
            "legend": {"orient": "top", "title": None},
        },
    }
    mark = {"type": "line", "point": {"size": 50}, "strokeWidth": 2.5}
    title = "Error by what is known of the person"
    return {
        "data": {"values": rows},
        "mark": mark,
        "encoding": encoding,
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _calibration(table: Rows) -> dict[str, Any]:
    reps = {"title": "reps forecast (the area of a dot: sets)", "axis": {"tickMinStep": 1}}
    share = {"title": "sets inside the 80 % interval", "axis": {"format": "%"}}
    encoding = {
        "x": {"field": "reps", "type": "quantitative", "scale": {"zero": False, "padding": 20}, **reps},
        "y": {"field": "coverage", "type": "quantitative", "scale": {"domain": [0.5, 1.0]}, **share},
        "size": {"field": "sets", "type": "quantitative", "legend": None, "scale": {"range": [30, 900]}},
    }
    points = {"mark": {"type": "circle", "color": OURS, "opacity": 0.85}, "encoding": encoding}
    title = "Calibration of the interval"
    layers = [points, _goal_line("y", 0.8, "")]
    return {
        "data": {"values": list(table)},
        "layer": layers,
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _goal_line(axis: str, value: float, label: str) -> dict[str, Any]:
    rule = {
        "mark": {"type": "rule", "color": GOAL, "strokeDash": [5, 4]},
        "encoding": {axis: {"datum": value}},
    }
    text = {
        "mark": {"type": "text", "color": GOAL, "align": "left", "dx": 5, "text": label, "fontSize": 11},
        "encoding": {axis: {"datum": value}, "y": {"value": -6}},
    }
    return {"layer": [rule, text] if label else [rule]}
