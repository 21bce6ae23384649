"""A finished day as one object for `--json`, and as lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.day import summary
from emulator.day.record import digest_of_floor
from openspine.day.run import Day

S = 1_000


def as_json(day: Day) -> dict[str, Any]:
    """Put the figures of a day together; `ok`: nothing lost, nothing doubled, nobody left inside."""
    balance, opened = day.balance, day.opened
    return {
        "ok": not (balance["lost"] or balance["doubled"]) and day.is_over,
        "patients": day.asked.patients,
        "machines": len(opened.machines),
        "therapists": day.asked.therapists,
        "seed": day.asked.seed,
        "weeks_before": day.asked.weeks,
        "dry": day.asked.is_dry,
        "studio_hours": round(day.ended_ms / S / 3_600, 2),
        "seconds": round(day.seconds, 1),
        "processor_s": round(day.processor_s, 1),
        "rate_reached": round(day.ended_ms / S / day.seconds, 1),
        "visits": {
            **summary.visits(opened.booked, day.stays, set(opened.machines.values())),
            "stations_given_up": day.given_up,
            "stations_closed_out": day.unserved,
        },
        "waiting": summary.waiting(day.stays),
        "sets": day.diary.sets,
        **balance,
        "settings": day.settings,
        "receipts": dict(sorted(day.diary.receipts.items())),
        "alerts": summary.alerts(day.errands, day.noted),
        "utilisation": summary.utilisation(opened.machines, day.stays, opened.day_ms),
        "digest": {
            "floor": digest_of_floor(opened.booked, day.stays, day.errands),
            "rows": day.diary.digest_of_rows(),
            "decisions": day.diary.digest_of_decisions(),
        },
    }


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell the day in a page."""
    visits, waited, alerts = found["visits"], found["waiting"], found["alerts"]
    yield (
        f"visits    {visits['booked']} booked, {visits['come']} came ({visits['late']} late), "
        f"{visits['no_show']} did not; {visits['stations_done']} of {visits['stations_booked']} stations"
    )
    yield (
        f"waiting   median {waited['median_s']:.0f} s, 9 of 10 within {waited['p90_s']:.0f} s, "
        f"most {waited['most_s']:.0f} s"
    )
    yield (
        f"sets      {found['sets']}; reps {found['reps_counted']} counted = {found['reps_stored']} stored, "
        f"{found['lost']} lost, {found['doubled']} doubled"
    )
    yield f"settings  {_counts(found['settings'])}"
    yield f"alerts    {_counts(alerts['by_code']) or 'none'}"
    if alerts["answered"]:
        yield (
            f"staff     {alerts['answered']} calls, there after {alerts['reaction_median_s']:.0f} s, "
            f"at most {alerts['reaction_most_s']:.0f} s; {alerts['sent_home']} sent home"
        )
    for machine, one in found["utilisation"].items():
        yield f"  {machine:<22} {one['percent']:5.1f} %  {one['sessions']:3d} sessions  {one['reps']:4d} reps"
    digest = found["digest"]
    yield f"digest    floor {digest['floor']}  rows {digest['rows']}  decisions {digest['decisions']}"
    yield (
        f"time      {found['studio_hours']} h in {found['seconds']:.0f} s: {found['rate_reached']:.0f} x "
        f"real time ({found['processor_s']:.0f} s of a processor); seed {found['seed']}"
    )


def _counts(table: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in table.items())
