"""The picture of `evaluate capacity`: error by method and load, from one set and from two."""

from collections.abc import Mapping
from typing import Any, Final

from openspine.pictures import OTHER, OURS

NAMES: Final = {"brzycki": "Brzycki", "epley": "Epley", "regression": "Regression", "openspine": "OpenSpine"}
COLOURS: Final = ("#CBD2D9", OTHER, "#E69F00", OURS)
SETS_LEAST = 5  # loads with fewer sets are in the report, not in the picture
WIDTH = 640  # points


def chart(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Vega-Lite specification."""
    panels = [
        _panel(title, found[key])
        for title, key in (("From one set", "one_set"), ("From two sets", "two_sets"))
    ]
    told = f"{found['one_set']['all']['sets']} sets, {found['people']} people; {found['split']}"
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": "1RM from lighter sets to failure", "subtitle": told, "fontSize": 18},
        "vconcat": [panel for panel in panels if panel],
        "spacing": 28,
    }


def _panel(title: str, groups: Mapping[str, Any]) -> dict[str, Any] | None:
    shown = {percent: group for percent, group in groups.items() if group["sets"] >= SETS_LEAST}
    if not shown:
        return None
    loads = [_load(percent) for percent in shown]
    rows = [
        {
            "load": _load(percent),
            "method": label,
            "mape": group["methods"][name]["mape"],
            "low": group["methods"][name]["mape_95_percent"][0],
            "high": group["methods"][name]["mape_95_percent"][1],
        }
        for percent, group in shown.items()
        for name, label in NAMES.items()
    ]
    load = {"field": "load", "type": "nominal", "sort": loads, "title": None, "axis": {"labelAngle": 0}}
    offset = {"field": "method", "type": "nominal", "sort": list(NAMES.values())}
    error = {"field": "mape", "type": "quantitative", "title": "mean absolute error (% of the 1RM)"}
    colour = {
        "field": "method",
        "type": "nominal",
        "scale": {"domain": list(NAMES.values()), "range": list(COLOURS)},
        "legend": {"orient": "top", "title": None},
    }
    bars = {"mark": {"type": "bar"}, "encoding": {"x": load, "xOffset": offset, "y": error, "color": colour}}
    whiskers = {
        "mark": {"type": "rule", "strokeWidth": 1.2, "color": "#323F4B"},
        "encoding": {
            "x": load,
            "xOffset": offset,
            "y": {"field": "low", "type": "quantitative"},
            "y2": {"field": "high"},
        },
    }
    return {
        "data": {"values": rows},
        "layer": [bars, whiskers],
        "title": f"{title}, with its 95 % interval over people",
        "width": WIDTH,
        "height": 220,
    }


def _load(percent: str) -> str:
    return "all" if percent == "all" else f"{percent} %"
