"""`chaos`: the true ends of the wire with faults between them; nothing lost, nothing doubled."""

import logging
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson


def edge(
    *,
    messages: Annotated[int, Parameter(help="Rows that the machines say.")] = 10_000,
    cuts: Annotated[int, Parameter(help="Connections cut, some of them in the middle of a packet.")] = 100,
    kills: Annotated[int, Parameter(help="How often the broker is killed (SIGKILL).")] = 3,
    seed: Annotated[int, Parameter(help="The same seed gives the same faults.")] = 1,
    without: Annotated[
        Literal["app-ack", "dedupe"] | None,
        Parameter(help="Take a protection away first: rows must then be lost, or doubled."),
    ] = None,
    json: AsJson = False,
) -> int:
    """Send rows of true spools and links over a faulty network to the real service; exit code 1 on a loss."""
    from openspine.chaos.edge import EdgeOptions, run  # noqa: PLC0415 (heavy)

    if messages < 1 or cuts < 0 or kills < 0:
        raise Failure("--messages: at least one; --cuts, --kills: not below zero", ExitCode.USAGE)
    logging.disable(logging.CRITICAL)  # MQTT clients complain of every fault, and faults are the purpose
    options = EdgeOptions(
        messages=messages,
        cuts=cuts,
        kills=kills,
        seed=seed,
        app_ack=without != "app-ack",
        dedupe=without != "dedupe",
    )
    found = run(options, say)
    hand_over(found, as_json=json)
    return ExitCode.OK if found["ok"] else ExitCode.FAILED
