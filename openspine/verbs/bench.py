"""`bench`: measure ratios, never a pass or a fail."""

from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson


def ingest(
    *,
    machines: Annotated[int, Parameter(help="Machines, each with one message in every batch.")] = 200,
    sessions: Annotated[int, Parameter(help="Measured sessions of each machine.")] = 1,
    database: Annotated[Literal["sqlite", "postgres"], Parameter(help="Embedded database.")] = "postgres",
    profile: Annotated[bool, Parameter(help="Say where the processor time goes.")] = False,
    json: AsJson = False,
) -> None:
    """Measure a message's way through the service without a broker, beside storing the same rows only."""
    from openspine.bench.ingest import IngestOptions, measure  # noqa: PLC0415 (heavy)

    asked = IngestOptions(machines=machines, sessions=sessions, database=database, profile=profile)
    found = measure(asked, say)
    places = found.get("us_by_place", {})
    lines = [f"ours {found['us']}   raw {found['raw_us']} us a message"]
    hand_over(found, as_json=json, lines=[*lines, *(f"{name:<22} {us:>8} us" for name, us in places.items())])


def agent(
    *,
    seconds: Annotated[float, Parameter(help="Measured seconds of processor time.")] = 20.0,
    json: AsJson = False,
) -> None:
    """Measure start, memory, processor and disk of the agent, its screen on, each beside its goal."""
    from openspine.bench.agent import measure  # noqa: PLC0415 (heavy)

    found = measure(seconds, say)
    lines = [
        f"{name:<12} {one['value']:>8}   goal <= {one['goal']:<6} {'ok' if one['ok'] else 'MISSED'}"
        for name, one in found.items()
    ]
    hand_over(found, as_json=json, lines=lines)


def adjust(
    *,
    runs: Annotated[int, Parameter(help="Measured batches; the median is shown.")] = 50,
    json: AsJson = False,
) -> None:
    """Measure a decision alone and a batch of a hundred, each beside its goal, and a plain Kalman filter."""
    if runs < 1:
        raise Failure(f"--runs {runs}: at least 1", ExitCode.USAGE)
    from openspine.bench.adjust import measure  # noqa: PLC0415 (heavy)

    found = measure(runs, say)
    lines = [
        f"{name:<9} {found[name]['value']:>8} ms   goal <= {found[name]['goal']:g}   "
        f"{'ok' if found[name]['ok'] else 'MISSED'}"
        for name in ("alone_ms", "batch_ms")
    ]
    peer = found["peer_ms"]
    lines += [f"peer      {peer['value']:>8} ms   {peer['is']}", f"batch / peer = {found['ratio']}"]
    hand_over(found, as_json=json, lines=lines)


def emulator(
    *,
    runs: Annotated[int, Parameter(help="Measured runs; the median is shown.")] = 50,
    json: AsJson = False,
) -> None:
    """Measure emulated sets a second and the true agent beside real time, each beside its goal."""
    if runs < 1:
        raise Failure(f"--runs {runs}: at least 1", ExitCode.USAGE)
    from openspine.bench.emulator import measure  # noqa: PLC0415 (heavy)

    found = measure(runs, say)
    lines = [
        f"{name:<16} {found[name]['value']:>8}   goal >= {found[name]['goal']:<6g} "
        f"{'ok' if found[name]['ok'] else 'MISSED'}   {found[ratio]} x {found[f'{name}_plain']['is']}"
        for name, ratio in (("sets_per_s", "sets_ratio"), ("times_real_time", "times_ratio"))
    ]
    hand_over(found, as_json=json, lines=lines)
