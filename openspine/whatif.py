"""A what-if for people: a table of 100 columns and a picture, from the JSON of verb and API."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any

from openspine import pictures

COLUMNS = 100
HARD = 8.0  # CR10: as in the totals
Found = Mapping[str, Any]


def lines(found: Found) -> Iterator[str]:
    """Draw the table: what can be concluded, every set by station, and the totals."""
    yield f"{found['patient']}: as it was, and with {named(found)}"
    yield from wrap(found["note"], COLUMNS)
    for station, sets in groupby(sorted(found["sets"], key=_station), key=_station):
        yield ""
        yield " ".join(part for part in station if part != "both")
        yield (f"{'visit day':<16} set | {'as it was':^24} | {'what if':^24} | why" if station else "")
        yield f"{'':<20} | {_HEAD} | {_HEAD} |"
        yield from (_line(one) for one in sets)
    yield ""
    yield from _totals(found)


def named(found: Found) -> str:
    """Name what was changed."""
    changed = [*([] if found["policy"] == "as decided" else [found["policy"]]), *found["limits"]]
    return ", ".join(changed) + (" (simulated)" if found["simulated"] else "")


def chart(found: Found) -> dict[str, Any]:
    """Draw the load of every visit, as it was and what if; sets at effort 8 and more stand out."""
    import altair as alt  # noqa: PLC0415 (0.5 s that only --plot needs)

    names = ("as it was", named(found))
    colours = alt.Scale(domain=list(names), range=[pictures.OTHER, pictures.OURS])
    base = alt.Chart({"values": _points(found, names)})
    x = alt.X("visit:Q", title="visit", axis=alt.Axis(tickMinStep=1))
    y = alt.Y("kg:Q", title="load of the visit's last set, kg", scale=alt.Scale(zero=False))
    line = base.mark_line(strokeWidth=2).encode(
        x=x, y=y, color=alt.Color("side:N", scale=colours, title=None, legend=alt.Legend(orient="top"))
    )
    hard = base.mark_point(filled=True, size=60, color=pictures.GOAL, opacity=1).encode(x=x, y=y)
    panel = alt.layer(line, hard.transform_filter("datum.hard")).properties(width=300, height=150)
    real, other = found["real"], found["other"]
    hard_sets = f"{real['hard_sets']} of {real['sets']} sets, what if {other['hard_sets']} of {other['sets']}"
    orange = f"Orange: a set of the visit at predicted effort >= {HARD:.0f} ({hard_sets})"
    subtitle = [*wrap(found["note"], COLUMNS), orange]
    title = alt.TitleParams(f"{found['patient']}: what if {named(found)}", subtitle=subtitle)
    faceted = panel.facet(alt.Facet("station:N", title=None), columns=2, title=title)
    drawn: dict[str, Any] = faceted.resolve_scale(y="independent").to_dict()
    return drawn


_HEAD = f"{'kg':>5} {'deg':>7} {'work':>5} {'CR10':>4}"


def _line(one: Found) -> str:
    other = f"{'no safe dose':^24}" if one["other"] is None else _dose(one["other"])
    codes = [] if not one["differs"] or one["other"] is None else one["other"]["why"]
    head = f"{one['visit']:>4}  {one['day']:<10} {one['set']:>3}"
    return f"{head} | {_dose(one['real'])} | {other} | {', '.join(codes)}"[:COLUMNS].rstrip()


def _dose(dose: Found) -> str:
    work = f"{dose['work_s']:.0f}s" if dose["work_s"] else f"{dose['reps']}x"
    span = f"{dose['start_deg']:.0f}-{dose['end_deg']:.0f}"
    return f"{dose['load_kg']:>5.1f} {span:>7} {work:>5} {dose['effort']:>4.1f}"


def _totals(found: Found) -> Iterator[str]:
    real, other = found["real"], found["other"]
    yield f"{'':<34} {'as it was':>10} {'what if':>10}"
    rows: Sequence[tuple[str, str, str]] = (
        ("sets", "sets", "d"),
        ("sets at predicted effort >= 8", "hard_sets", "d"),
        ("mean load, kg", "mean_load_kg", ".2f"),
        ("last load, kg (mean of stations)", "last_load_kg", ".2f"),
        ("mean P(RIR < 1)", "mean_p_too_hard", ".4f"),
        ("decisions that raise", "rises", "d"),
        ("decisions that hold or lower", "holds", "d"),
    )
    for name, key, form in rows:
        yield f"{name:<34} {real[key]:>10{form}} {other[key]:>10{form}}"
    yield f"{found['differing']} of {found['decisions']} decisions differ; reasons in them:"
    for one in found["codes"]:
        yield f"  {one['code']:<32} {one['real']:>10} {one['other']:>10}"
    if found["drifted"]:
        yield f"{found['drifted']} differ with nothing changed: another version of the software decided them"
    for one in found["left_out"]:
        yield f"left out: {one['sets']} sets, {one['reason']}"


def _points(found: Found, names: tuple[str, str]) -> list[dict[str, Any]]:
    points: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in found["sets"]:
        for name, dose in zip(names, (one["real"], one["other"]), strict=True):
            if dose is None:
                continue
            station = " ".join(part for part in _station(one) if part != "both").replace("_", " ")
            key = (station, name, one["visit"])
            was_hard = points.get(key, {}).get("hard", False)
            points[key] = {
                "station": station,
                "side": name,
                "visit": one["visit"],
                "kg": dose["load_kg"],
                "hard": was_hard or dose["effort"] >= HARD,
            }
    return list(points.values())


def _station(one: Found) -> tuple[str, str]:
    return one["kind"], one["side"]
