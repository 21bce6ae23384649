"""`demo`: a whole studio on this computer."""

import shutil
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.broker.embedded import BrokerKind
from openspine.outcome import ExitCode, hand_over, say
from openspine.verbs.options import AsJson


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    seconds: Annotated[float | None, Parameter(help="End after so many seconds of live training.")] = None,
    check: Annotated[bool, Parameter(negative="", help="Compare machines and store at the end.")] = False,
    fault: Annotated[
        Literal["kill-service", "kill-broker"] | None, Parameter(help="Break this in the middle (SIGKILL).")
    ] = None,
    weeks: Annotated[int, Parameter(help="Weeks of history behind the patients.")] = 12,
    rate: Annotated[float, Parameter(help="Body time beside real time.")] = 25.0,
    broker: Annotated[BrokerKind | None, Parameter(help="Embedded broker; else the best here.")] = None,
    data: Annotated[Path, Parameter(help="Where the demo keeps its data.")] = Path(".demo"),
    reset: Annotated[bool, Parameter(negative="", help="Forget earlier demos first.")] = False,
    json: AsJson = False,
) -> int:
    """Start broker, service, six emulated machines and dashboard; Ctrl-C ends everything."""
    from openspine.demo.run import DemoOptions, run_demo  # noqa: PLC0415 (heavy)

    if reset:
        shutil.rmtree(data, ignore_errors=True)
    options = DemoOptions(
        folder=data.resolve(),
        seconds=seconds,
        check=check,
        fault=fault,
        rate=rate,
        weeks=weeks,
        broker=broker,
    )
    result = run_demo(options, say)
    if check:
        hand_over(result, as_json=json)
    return ExitCode.OK if result["ok"] else ExitCode.FAILED
