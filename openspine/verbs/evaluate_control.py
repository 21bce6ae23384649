"""`evaluate control`: policies in a closed loop with emulated people, beside a safe oracle."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from contract.messages import Profile
    from emulator.control.arm import Arm

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
    jobs: Annotated[int, Parameter(help="Processes; -1 = all cores.")] = -1,
    dask: Annotated[str | None, Parameter(help="Address of a Dask scheduler.")] = None,
    json: AsJson = False,
) -> None:
    """Let policies train the same emulated people for weeks; the oracle is always among the arms."""
    from contract.machines import catalogue  # noqa: PLC0415 (as below)
    from emulator.control import report, trial  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.parallel import spread  # noqa: PLC0415 (as above)

    chosen = _chosen(_words(policies), _words(arms))
    trained = _known(_words(kinds), list(catalogue()), "kind")
    found: dict[str, Any] = {}
    profiles: tuple[Profile, ...] = ("rehab", "studio") if profile == "both" else (profile,)
    for one in profiles:
        pieces = trial.pieces(one, trial.cohort(one, people, seed), trained, chosen, weeks)
        done = spread(trial.work, pieces, jobs=jobs, dask=dask, progress=_progress(one))
        found[one] = report.profile_report(one, [each for part in done for each in part], seed)
    head = {"people": people, "weeks": weeks, "seed": seed, "kinds": trained}
    head["split"] = "emulated people of this seed; nothing was fitted on them"
    lines = [f"{people} people a profile, {weeks} weeks, seed {seed}, {kinds}; {head['split']}"]
    lines += [line for name, part in found.items() for line in ["", *report.lines(name, part)]]
    hand_over({**head, "profiles": found}, as_json=json, lines=lines)


def _chosen(policies: list[str], extra: list[str]) -> list["Arm"]:
    """Return the oracle, the control arm and whatever was named; every arm when nothing was."""
    from emulator.control.arm import CONTROL, ORACLE, arms  # noqa: PLC0415 (as above)

    every = arms()
    if not policies and not extra:
        return list(every.values())
    named = [ORACLE, CONTROL, *(policies or ["steady"]), *extra]
    return [every[name] for name in dict.fromkeys(_known(named, list(every), "arm"))]


def _known(named: list[str], every: Sequence[str], what: str) -> list[str]:
    for name in named:
        if name not in every:
            raise Failure(f"no {what} {name!r}; there are {', '.join(every)}", ExitCode.USAGE)
    return named


def _words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(",") if word.strip()]


def _progress(profile: str) -> Callable[[str], None]:
    return lambda done: say(f"evaluate control: {profile} {done}")
