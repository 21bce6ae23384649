"""`emulate day`: a studio's day with booked visits, late and missing people, and staff who react."""

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Callable

    from openspine.bar import Bar
    from openspine.day.run import Day, Progress
    from openspine.day.studio import Asked

MAX = "max"
SHOWN_S = 0.2  # between two looks at the bar
MACHINES_MOST = 64
LIMITS = "--patients, --machines (to 64), --therapists: from 1; --weeks from 0; --hours above 0"


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    patients: Annotated[int, Parameter(help="Booked visits.")] = 40,
    machines: Annotated[int, Parameter(help="Machines, of six kinds in turn.")] = 8,
    rate: Annotated[str, Parameter(help="Body seconds in a real one, or max; the day is the same.")] = "60",
    seed: Annotated[int, Parameter(help="The same seed gives the same day.")] = 1,
    weeks: Annotated[int, Parameter(help="Weeks of training behind everybody.")] = 2,
    therapists: Annotated[int, Parameter(help="Staff on the floor.")] = 2,
    hours: Annotated[float, Parameter(help="Studio hours from opening to closing.")] = 8.0,
    dry: Annotated[bool, Parameter(negative="", help="At rep level, without agents and broker.")] = False,
    picture: Annotated[Path | None, Parameter(help="Draw the day: .png, .svg or .html.")] = None,
    json: AsJson = False,
) -> int:
    """Run a studio's day: true agents, a real broker and the real service in a temporary folder.

    Machines go in step, so what happens and what is decided depends on the seed, not on the rate.
    """
    from openspine import pictures  # noqa: PLC0415 (loaded when it runs)
    from openspine.day.report import as_json, lines  # noqa: PLC0415 (heavy)
    from openspine.day.studio import Asked  # noqa: PLC0415 (heavy)

    if min(patients, machines, therapists) < 1 or weeks < 0 or machines > MACHINES_MOST or hours <= 0:
        raise Failure(LIMITS, ExitCode.USAGE)
    pictures.check(picture)
    asked = Asked(
        patients=patients,
        machines=machines,
        seed=seed,
        rate=_rate(rate),
        weeks=weeks,
        therapists=therapists,
        hours=hours,
        is_dry=dry,
    )
    day = _run(asked)
    if picture is not None:
        from openspine.day.picture import chart  # noqa: PLC0415 (heavy)

        pictures.save(chart(day), picture)
    found = as_json(day)
    hand_over(found, as_json=json, lines=lines(found))
    if not found["ok"]:
        say("openspine: the day did not hold: rows were lost or doubled, or somebody is still inside")
    return ExitCode.OK if found["ok"] else ExitCode.FAILED


def _rate(text: str) -> float:
    try:
        rate = math.inf if text == MAX else float(text)
    except ValueError:
        rate = 0.0
    if not rate > 0:
        raise Failure(f"--rate {text}: a number above 0, or max", ExitCode.USAGE)
    return rate


def _run(asked: "Asked") -> "Day":
    from openspine.bar import Bar  # noqa: PLC0415 (loaded when it runs)
    from openspine.broker.embedded import available_kinds  # noqa: PLC0415 (loaded when it runs)
    from openspine.day import dry, run  # noqa: PLC0415 (heavy)

    if not (asked.is_dry or available_kinds()):
        raise Failure("no MQTT broker here: install mosquitto, or the Python package iotcore; or --dry")
    with Bar("day", asked.hours * 3_600_000) as bar:
        show = _shown(bar, asked)
        try:
            return dry.run_dry(asked, show) if asked.is_dry else run.run_true(asked, show, say)
        except TimeoutError as error:
            raise Failure("not every machine came on line within a minute", ExitCode.UNREACHABLE) from error
        except RuntimeError as error:
            raise Failure(str(error)) from error


def _shown(bar: "Bar", asked: "Asked") -> "Callable[[Progress], None]":
    last_s = 0.0

    def show(progress: "Progress") -> None:
        nonlocal last_s
        if time.monotonic() - last_s < SHOWN_S:
            return
        last_s = time.monotonic()
        minutes = progress.now_ms // 60_000 + 8 * 60
        bar.at(
            progress.now_ms,
            f"{minutes // 60:02d}:{minutes % 60:02d}  {progress.inside} inside, {progress.gone} of "
            f"{asked.patients} done  {progress.reps} reps  {progress.alerts} alerts",
        )

    return show
