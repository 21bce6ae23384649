"""A session replayed in the browser alone: play, pause and seek over what was recorded; no page runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from operator import itemgetter
from typing import Any, Literal

import streamlit as st

from dashboard.api.adjustments import Adjustment
from dashboard.api.sessions import Repetition, Said, SessionDetail, SetDone
from dashboard.charts.reps import clinical_deg
from dashboard.format import Formatter

NAME = "openspine_replay"
MS = timedelta(milliseconds=1)
TAIL_MS = 2_000  # shown after the last thing that happened
Kind = Literal["decision", "pain", "answer"]
Event = tuple[datetime, Kind, str]
NEAR = timedelta(minutes=10)  # of the first and last rep: what is further away does not stretch the timeline


def replay(detail: SessionDetail, decisions: Sequence[Adjustment], show: Formatter) -> None:
    """Show the player of one session."""
    mount = st.components.v2.component(
        NAME, html=_part("replay.html"), css=_part("replay.css"), js=_part("replay.js")
    )
    mount(
        key=f"replay-{detail.session}",
        data=replay_data(detail, decisions, show),
        height="content",
    )


def replay_data(detail: SessionDetail, decisions: Sequence[Adjustment], show: Formatter) -> dict[str, Any]:
    """Put every rep and everything that was said or decided on one clock: milliseconds from its beginning."""
    reps = [(done, rep) for done in detail.sets for rep in done.reps]
    told = [_decided(one, show) for one in decisions] + [_said(one, show) for one in detail.answers]
    begun = min([_begun(rep) for _, rep in reps], default=detail.opened_at)
    over = max([rep.at for _, rep in reps], default=detail.opened_at)
    near = [at for at, _, _ in told if begun - NEAR <= at <= over + NEAR]
    begun, over = min([begun, *near]), max([over, *near])
    return {
        "id": f"{detail.session}-{show.language}-{show.unit}-{len(reps)}-{len(told)}",
        "length_ms": round((over - begun) / MS) + TAIL_MS,
        "reps": [_rep(done, rep, detail.kind, begun, show) for done, rep in reps],
        "events": [_event(event, (begun, over), show) for event in sorted(told, key=itemgetter(0))],
        "words": _words(show),
    }


def _event(event: Event, clock: tuple[datetime, datetime], show: Formatter) -> dict[str, Any]:
    """Put an event on the clock; a plan of days before or a morning after stands at its end, with its day."""
    (at, kind, words), (begun, over) = event, clock
    is_near = begun <= at <= over
    place = min(max(at, begun), over)
    return {
        "at_ms": round((place - begun) / MS),
        "kind": kind,
        "clock": show.clock(at) if is_near else show.moment(at),
        "words": words,
    }


def _begun(rep: Repetition) -> datetime:
    """Tell when a rep began: its parts end when it was over."""
    return rep.at - timedelta(seconds=rep.concentric_s + rep.hold_s + rep.eccentric_s)


def _rep(
    done: SetDone, rep: Repetition, kind: str | None, begun: datetime, show: Formatter
) -> dict[str, Any]:
    curve = rep.curve
    return {
        "from_ms": round((_begun(rep) - begun) / MS),
        "to_ms": round((rep.at - begun) / MS),
        "set": done.set,
        "side": "" if done.side == "both" else show.word(done.side),
        "rep": rep.rep,
        "load": show.load(rep.load_kg),
        "flags": ", ".join(show.word(flag).lower() for flag in rep.quality),
        "deg": [round(clinical_deg(kind, deg), 2) for deg in curve.deg] if curve else [],
        "nm": list(curve.nm) if curve else [],
        "corridor": [done.dose.clinical_start_deg, done.dose.clinical_end_deg] if done.dose else [],
    }


def _decided(decision: Adjustment, show: Formatter) -> Event:
    """Say what was decided for which set, and the first reason."""
    why = show.reason(decision.why[0]) if decision.why else ""
    after = decision.after
    window = show.window(after.clinical_start_deg, after.clinical_end_deg)
    words = show.say(
        "For set {set}: {load}, {window}, {work}. {why}",
        set=decision.set, load=show.load(after.load_kg), window=window, work=show.work(after), why=why,
    )  # fmt: skip
    return decision.at, "decision", words


def _said(answer: Said, show: Formatter) -> Event:
    """Say what the person answered; an answer about pain stands out."""
    kind: Kind = "pain" if answer.question.startswith("pain") else "answer"
    value = show.word(answer.value) if isinstance(answer.value, str) else str(answer.value)
    return answer.at, kind, show.say("{question}: {value}", question=show.word(answer.question), value=value)


def _words(show: Formatter) -> dict[str, str]:
    return {
        "play": show.say("Play"),
        "pause": show.say("Pause"),
        "seek": show.say("Place in the session"),
        "pace": show.say("Pace"),
        "skip": show.say("Skip pauses"),
        "set": show.say("Set"),
        "rep": show.say("Rep"),
        "load": show.say("Load"),
        "angle": show.say("Angle"),
        "torque": show.say("Torque"),
        "flags": show.say("Flags"),
        "angle_title": show.say("Angle over the rep"),
        "torque_title": show.say("Torque over angle, this set so far"),
        "no_curve": show.say("No curve was kept"),
        "events": show.say("What was said and decided"),
    }


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "replay", name).read_text(encoding="utf-8")
