"""The picture of a control trial: loads over the weeks, effort zones, and flares beside gain, by profile."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from emulator.control.arm import CONTROL, ORACLE, REFERENCE
from emulator.control.outcome import Outcome
from openspine.pictures import OTHER, OURS, PALETTE

BAND = (10, 90)  # percentiles of people
ZONES: Final = ("below the zone", "in the zone", "above, a rep left", "less than a rep left")
ZONE_COLOURS: Final = ("#D9DEE4", "#009E73", "#E69F00", "#D55E00")
BLACK = "#000000"
WIDTH, HEIGHT = 300, 260  # points of a panel
Row = dict[str, Any]


def chart(done: Mapping[str, Sequence[Outcome]], what: str) -> Any:
    """Draw all profiles, one below the other."""
    import altair as alt  # noqa: PLC0415 (1 s that only --plot needs)

    rows = [_profile(alt, profile, outcomes) for profile, outcomes in done.items()]
    title = alt.TitleParams(
        "The same people under every policy", subtitle=f"emulated, {what}; the safe oracle knows the truth"
    )
    return alt.vconcat(*rows, spacing=36).properties(title=title).resolve_scale(color="independent")


def load_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return by arm and week the load over the oracle's first load: median, and where 80 % of people are."""
    first_g = {one.number: _first(one) for one in outcomes if one.arm == ORACLE}
    found: dict[tuple[str, int], list[float]] = {}
    for one in outcomes:
        for day, load_g in one.loads_g.items():
            if first_g[one.number]:
                found.setdefault((one.arm, day // 7 + 1), []).append(100 * load_g / first_g[one.number])
    rows = []
    for (arm, week), shares in found.items():
        low, middle, high = np.percentile(shares, [BAND[0], 50, BAND[1]])
        rows.append({"arm": arm, "week": week, "low": low, "middle": middle, "high": high})
    return rows


def zone_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return by arm how many of its sets were below, in and above the phase's effort zone (%)."""
    rows = []
    for arm, own in _by_arm(outcomes).items():
        sets = sum(one.sets for one in own)
        if sets == 0:
            continue
        inside, over = sum(one.in_zone for one in own), sum(one.overshoots for one in own)
        above = max(sum(one.above for one in own) - over, 0)
        shares = (sets - inside - above - over, inside, above, over)
        rows += [
            {"arm": arm, "zone": zone, "order": order, "share": 100 * share / sets}
            for order, (zone, share) in enumerate(zip(ZONES, shares, strict=True))
        ]
    return rows


def risk_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return by arm the flares a person and the mean gain of strength (%)."""
    return [
        {
            "arm": arm,
            "flares": sum(one.flares for one in own) / len(own),
            "gain": 100 * sum(one.gain for one in own) / len(own),
        }
        for arm, own in _by_arm(outcomes).items()
    ]


def _profile(alt: Any, profile: str, outcomes: Sequence[Outcome]) -> Any:
    people = len({one.number for one in outcomes})
    panels = [_loads(alt, outcomes), _zones(alt, outcomes), _risks(alt, outcomes)]
    whole = alt.hconcat(*panels, spacing=28).resolve_scale(color="independent")
    return whole.properties(title=f"{profile}: {people} people")


def _loads(alt: Any, outcomes: Sequence[Outcome]) -> Any:
    rows = [row for row in load_rows(outcomes) if "-" not in row["arm"]]
    week = alt.X("week:Q", title="week", axis=alt.Axis(tickMinStep=1, grid=False))
    band = alt.Chart(alt.Data(values=[row for row in rows if row["arm"] == REFERENCE]))
    band = band.mark_area(opacity=0.15, color=OURS).encode(
        x=week, y=alt.Y("low:Q", title="load, % of the oracle's first"), y2="high:Q"
    )
    line = alt.Chart(alt.Data(values=rows)).mark_line(strokeWidth=2)
    line = line.encode(x=week, y="middle:Q", detail="arm:N", color=_colour(alt, rows), tooltip="arm:N")
    return _panel(alt.layer(band, line), "Load: median, and 80 % of people under steady")


def _zones(alt: Any, outcomes: Sequence[Outcome]) -> Any:
    rows = zone_rows(outcomes)
    scale = alt.Scale(domain=list(ZONES), range=list(ZONE_COLOURS))
    bars = alt.Chart(alt.Data(values=rows)).mark_bar()
    drawn = bars.encode(
        x=alt.X("share:Q", title="% of sets", scale=alt.Scale(domain=[0, 100])),
        y=alt.Y("arm:N", title=None, sort=_order(rows)),
        color=alt.Color("zone:N", scale=scale, title=None, legend=alt.Legend(orient="bottom", columns=2)),
        order="order:Q",
    )
    return _panel(drawn, "True effort beside the phase's target")


def _risks(alt: Any, outcomes: Sequence[Outcome]) -> Any:
    rows = [row for row in risk_rows(outcomes) if "-" not in row["arm"] and row["arm"] != CONTROL]
    most = max(1.0, *(row["flares"] for row in rows))
    gain = alt.X("gain:Q", title="strength gained, %", scale=alt.Scale(zero=False, padding=20))
    flares = alt.Y("flares:Q", title="flares a person", scale=alt.Scale(domain=[0, round(most + 0.2, 1)]))
    dots = alt.Chart(alt.Data(values=rows)).mark_circle(size=120, opacity=0.9)
    drawn = dots.encode(x=gain, y=flares, color=_colour(alt, rows), tooltip=["arm:N", "gain:Q", "flares:Q"])
    return _panel(drawn, "Flares beside gain")


def _panel(drawn: Any, title: str) -> Any:
    return drawn.properties(width=WIDTH, height=HEIGHT, title=title)


def _colour(alt: Any, rows: Sequence[Row]) -> Any:
    """Give the oracle black, our policy our colour, and the others theirs, the same in both panels."""
    others = iter(colour for colour in (*PALETTE, OTHER) if colour not in (OURS, BLACK))
    own = {REFERENCE: OURS, ORACLE: BLACK}
    arms = _order(rows)
    colours = [own[arm] if arm in own else next(others, OTHER) for arm in arms]
    legend = alt.Legend(orient="bottom", columns=3, title=None)
    return alt.Color("arm:N", scale=alt.Scale(domain=arms, range=colours), legend=legend)


def _order(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["arm"] for row in rows))


def _by_arm(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(one.arm, []).append(one)
    return found


def _first(one: Outcome) -> int:
    return next(iter(one.loads_g.values()), 0)
