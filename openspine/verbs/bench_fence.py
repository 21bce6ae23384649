"""`bench fence`: what row-level security costs."""

from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, in_one_line, say
from openspine.verbs.options import AsJson


def run(
    *,
    patients: Annotated[int, Parameter(help="People at ten sites, with 200 reps each.")] = 10_000,
    runs: Annotated[int, Parameter(help="Readings of each kind; the median is shown.")] = 100,
    json: AsJson = False,
) -> None:
    """Measure what screens read, as the owner of the tables and fenced in, on a PostgreSQL of its own."""
    if patients < 1 or runs < 1:
        raise Failure("--patients and --runs: at least 1", ExitCode.USAGE)
    from openspine.bench.fence import Size, measure  # noqa: PLC0415 (heavy)

    with in_one_line():
        found = measure(Size(patients=patients, runs=runs), say)
    lines = [
        f"{name:<10} owner {one['owner']:>9} ms   every site {one['every_site']:>9} ms   "
        f"own site {one['own_site']:>9} ms"
        for name, one in found["median_ms"].items()
    ]
    hand_over(found, as_json=json, lines=lines)
