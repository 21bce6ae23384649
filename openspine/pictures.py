"""Charts as files: PNG, SVG or one HTML page that needs no network; one look for every picture."""

from pathlib import Path
from typing import Any, Final

from openspine.outcome import ExitCode, Failure

SUFFIXES: Final = (".png", ".svg", ".html")
PIXELS_PER_POINT = 2.0  # sharp on a dense screen
# Colour-blind safe (Okabe and Ito); ours comes first, the others stay behind it.
OURS, OTHER, GOAL = "#0072B2", "#9AA5B1", "#D55E00"
PALETTE: Final = (
    OURS,
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#7F7F7F",
    "#000000",
    "#B7A100",
)
LOOK: Final[dict[str, Any]] = {
    "background": "white",
    "font": "Helvetica, Arial, sans-serif",
    "padding": 16,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "fontSize": 15,
        "subtitleFontSize": 11,
        "subtitleColor": "#52606D",
        "offset": 12,
    },
    "axis": {
        "grid": True,
        "gridColor": "#E4E7EB",
        "domain": False,
        "tickColor": "#CBD2D9",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titleColor": "#52606D",
        "labelLimit": 240,
    },
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"},
    "header": {"labelFontSize": 12, "title": None},
    "range": {"category": list(PALETTE)},
}


def check(path: Path | None) -> None:
    """Refuse, before long work begins, a picture that could not be written at its end."""
    if path is None:
        return
    if path.suffix.lower() not in SUFFIXES:
        raise Failure(f"--plot {path}: the name must end in .png, .svg or .html", ExitCode.USAGE)
    if not path.absolute().parent.is_dir():
        raise Failure(f"--plot {path}: there is no folder {path.absolute().parent}", ExitCode.NOT_FOUND)


def save(chart: Any, path: Path) -> None:
    """Write an altair chart (or a Vega-Lite specification as a dict) in the form that the suffix names."""
    import vl_convert  # noqa: PLC0415 (60 MB that only --plot needs)

    check(path)
    given = dict(chart if isinstance(chart, dict) else chart.to_dict())
    given["config"] = LOOK  # altair fills in a size of its own for empty views
    if path.suffix.lower() == ".png":
        content = vl_convert.vegalite_to_png(given, scale=PIXELS_PER_POINT)
    elif path.suffix.lower() == ".svg":
        content = vl_convert.vegalite_to_svg(given).encode()
    else:
        content = vl_convert.vegalite_to_html(given, bundle=True).encode()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Failure(f"--plot {path}: {error.strerror}") from error
