"""The body figure: front and back, every muscle group of the machine catalogue in a shade of its own. SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from contract.machines import catalogue
from dashboard.api.balance import Pair, Trained
from dashboard.charts.body_map import HEIGHT, MIDDLE, WIDTH, View, body_map
from dashboard.charts.palette import CALM, FIRM, LABEL, QUIET, WATCH
from dashboard.format import Formatter

VIEWS: dict[View, str] = {"front": "From the front", "back": "From behind"}
GAP = 40  # between the two figures, units of the drawing
TOP = 22  # above them, for their names
MANY_SETS_A_WEEK = 6  # from here on the shade is full: two visits, three sets each
PALEST, FULLEST = 0.25, 0.95
OWN_SIDE = ("lateral_flexion", "hip_abduction", "neck_lateral")  # left works the muscles at the left
SERIOUS = ("not_enough_data", "inside_error", "watch", "confirmed")  # the last one wins in a muscle
VERDICT_COLOURS = {"inside_error": QUIET, "watch": WATCH, "confirmed": FIRM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """How a muscle is filled; one that is not shaded is hatched: nothing is known of it."""

    colour: str
    opacity: float


Shades = Mapping[tuple[str, str], Shade]  # by muscle and side (left, right) of the person


def muscles() -> tuple[str, ...]:
    """List the muscle groups that the machines train, in the order of the figure."""
    trained = {muscle for kind in catalogue().values() for muscle in kind.muscles}
    return tuple(muscle for muscle in body_map().muscles if muscle in trained)


def sets_by_muscle(trained: Iterable[Trained], *, weeks: int) -> dict[str, int]:
    """Count the sets of each muscle group in the last week (1) or the last four (4); both sides together."""
    found = dict.fromkeys(muscles(), 0)
    for one in trained:
        kind = catalogue().get(one.kind)
        for muscle in kind.muscles if kind else ():
            found[muscle] += one.sets_7_days if weeks == 1 else one.sets_28_days
    return found


def work_shades(sets: Mapping[str, int], *, weeks: int) -> dict[tuple[str, str], Shade]:
    """Shade each trained muscle the stronger, the more sets a week it had; untrained ones stay hatched."""
    many = MANY_SETS_A_WEEK * weeks
    return {
        (muscle, side): Shade(colour=CALM, opacity=_between(min(count / many, 1.0)))
        for muscle, count in sets.items()
        if count > 0
        for side in ("left", "right")
    }


def pair_shades(pairs: Sequence[Pair]) -> dict[tuple[str, str], Shade]:
    """Shade the muscles of the paired machines: grey inside the error, the weaker side coloured beyond it."""
    told: dict[tuple[str, str], str] = {}
    for pair in pairs:
        kind = catalogue().get(pair.kind)
        for muscle in kind.muscles if kind else ():
            for side in ("left", "right"):
                verdict = pair.verdict if side in weak_sides(pair) else _unmarked(pair)
                told[muscle, side] = max(told.get((muscle, side), SERIOUS[0]), verdict, key=SERIOUS.index)
    return {
        place: Shade(colour=VERDICT_COLOURS[verdict], opacity=0.75)
        for place, verdict in told.items()
        if verdict in VERDICT_COLOURS
    }


def weak_sides(pair: Pair) -> tuple[str, ...]:
    """Tell which sides a difference is shown on; rotation works both sides of the trunk at once."""
    if pair.verdict not in ("watch", "confirmed") or pair.difference_pct is None:
        return ()
    if pair.kind not in OWN_SIDE:
        return ("left", "right")
    return ("left",) if pair.difference_pct > 0 else ("right",)


def body_svg(shades: Shades, show: Formatter) -> str:
    """Draw the figure as SVG; colours hold on light and on dark pages."""
    figures = "".join(_figure(view, place, shades, show) for place, view in enumerate(VIEWS))
    width, height = 2 * WIDTH + GAP, HEIGHT + TOP + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="15">'
        '<defs><pattern id="unknown" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{QUIET}" stroke-width="1.4"/></pattern>'
        "</defs>"
        f"{figures}</svg>"
    )


def muscle_name(muscle: str, show: Formatter) -> str:
    """Name a muscle group."""
    return show.word(muscle)


def _figure(view: View, place: int, shades: Shades, show: Formatter) -> str:
    """Draw one view: seen from the front, the person's left is at the viewer's right."""
    sides = ("left", "right") if view == "front" else ("right", "left")  # at the right, at the left
    halves = "".join(
        _half(view, side, shades, mirrored=mirrored)
        for side, mirrored in zip(sides, (False, True), strict=True)
    )
    left_edge, right_edge = MIDDLE - 92, MIDDLE + 92
    return (
        f'<g transform="translate({place * (WIDTH + GAP)} {TOP})">'
        f"{_word(MIDDLE, -6, show.say(VIEWS[view]))}"
        f'<ellipse cx="{MIDDLE}" cy="34" rx="19" ry="26" fill="{QUIET}" fill-opacity=".22" stroke="{QUIET}"/>'
        f"{halves}"
        f"{_word(left_edge, 120, show.word(sides[1]))}{_word(right_edge, 120, show.word(sides[0]))}</g>"
    )


def _half(view: View, side: str, shades: Shades, *, mirrored: bool) -> str:
    parts = [f'<path d="{body_map().outline}" fill="{QUIET}" fill-opacity=".22"/>']
    parts += [
        f'<path d="{path}" {_fill(shades.get((muscle, side)))} stroke="{QUIET}" stroke-width=".8"/>'
        for muscle, (where, path) in body_map().muscles.items()
        if where == view
    ]
    turn = f' transform="translate({WIDTH} 0) scale(-1 1)"' if mirrored else ""
    return f"<g{turn}>{''.join(parts)}</g>"


def _fill(shade: Shade | None) -> str:
    if shade is None:
        return 'fill="url(#unknown)"'
    return f'fill="{shade.colour}" fill-opacity="{shade.opacity:.2f}"'


def _word(across: float, down: float, word: str) -> str:
    return f'<text x="{across}" y="{down}" text-anchor="middle" fill="{LABEL}">{escape(word)}</text>'


def _unmarked(pair: Pair) -> str:
    """Tell what the other side of a difference is shown as: grey, as nothing is found in it."""
    return "not_enough_data" if pair.verdict == "not_enough_data" else "inside_error"


def _between(share: float) -> float:
    return PALEST + (FULLEST - PALEST) * share
