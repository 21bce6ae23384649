"""`evaluate control`: policies in a closed loop with emulated people, beside a safe oracle."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.outcome import hand_over
from openspine.verbs.options import AsJson

Profiles = Literal["rehab", "studio", "both"]


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    people: Annotated[int, Parameter(help="Emulated people of each profile.")] = 300,
    weeks: Annotated[int, Parameter(help="Weeks of two visits.")] = 12,
    seed: Annotated[int, Parameter(help="Same people and seed: same figures, on any number of jobs.")] = 1,
    profile: Annotated[Profiles, Parameter(help="Patients, healthy members, or both in turn.")] = "both",
    policies: Annotated[str, Parameter(help="Policies by name, e.g. steady,linear; default all.")] = "",
    arms: Annotated[
        str, Parameter(help="Further arms, e.g. steady-stop; default with all policies: every ablation.")
    ] = "",
    kinds: Annotated[str, Parameter(help="Machine kinds; people take them in turn.")] = "lumbar_extension",
    people_file: Annotated[
        Path | None, Parameter(help="People of your own, TOML or CSV (docs/people-file.md).")
    ] = None,
    plot: Annotated[Path | None, Parameter(help="Draw it: .png, .svg or .html.")] = None,
    jobs: Annotated[int, Parameter(help="Processes; -1 = all cores.")] = -1,
    dask: Annotated[str | None, Parameter(help="Address of a Dask scheduler.")] = None,
    json: AsJson = False,
) -> None:
    """Let policies train the same emulated people for weeks; the oracle is always among the arms."""
    from openspine.evaluation import control  # noqa: PLC0415 (loaded when it runs)

    asked = control.Asked(
        people=people,
        weeks=weeks,
        seed=seed,
        profiles=("rehab", "studio") if profile == "both" else (profile,),
        arms=control.chosen(_words(policies), _words(arms)),
        kinds=control.known(_words(kinds), control.kinds(), "kind"),
        file=people_file,
    )
    found = control.judge(asked, control.Workers(jobs=jobs, dask=dask), plot)
    hand_over(found, as_json=json, lines=control.lines(found))


def _words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(",") if word.strip()]
