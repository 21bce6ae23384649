"""The report of a trial: figures of every arm, goals of the policy that acts, differences from it."""

from collections.abc import Sequence
from typing import Any

from contract.messages import Profile
from emulator.control.arm import CONTROL, ORACLE, REFERENCE
from emulator.control.figures import by_phase, coverage_by_stratum, ends, figures, paired
from emulator.control.goals import judged
from emulator.control.outcome import Outcome

SHOWN = (
    ("in_zone_percent", "zone %", 1),
    ("overshoot_percent", "over %", 1),
    ("flares_per_person", "flares", 2),
    ("reached_session_median", "reached", 0),
    ("reached_session_90th", "90th", 0),
    ("kept_session_median", "kept", 0),
    ("near_oracle_percent", "near %", 0),
    ("gain_percent", "gain %", 1),
    ("gain_of_oracle_percent", "of oracle", 0),
    ("range_gained_deg", "range deg", 1),
    ("pain_change_nrs", "pain", 2),
    ("load_end_over_start", "load x", 2),
    ("effort_cr10", "effort", 1),
    ("coverage_percent", "cover %", 1),
    ("belief_coverage_percent", "belief %", 1),
    ("blocked_visits_percent", "blocked %", 1),
)
COMPARED = (
    ("in_zone_percent", "zone"),
    ("overshoot_percent", "over"),
    ("flares_per_person", "flares"),
    ("gain_percent", "gain"),
    ("near_oracle_percent", "near"),
)


def profile_report(profile: Profile, outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    """Put the figures of one profile together; the oracle must be among the arms."""
    arms = _by_arm(outcomes)
    oracle, reference = arms[ORACLE], arms.get(REFERENCE)
    found = {name: _arm_report(own, oracle, seed) for name, own in arms.items()}
    report: dict[str, Any] = {"people": len(oracle), "arms": found}
    report["goals"] = {name: judged(profile, _measured(found[name])) for name in arms if name != CONTROL}
    if reference is not None:
        report["paired_with_steady"] = {
            name: paired(own, reference, oracle, seed) for name, own in arms.items() if name != REFERENCE
        }
    return report


def lines(profile: str, report: dict[str, Any], judge: str = REFERENCE) -> list[str]:
    """Write a profile's report for people: a row an arm, then the goals of one arm."""
    rows = [f"{profile}: {report['people']} people", "  " + " ".join([f"{'arm':<22}", *_heads()])]
    rows += [f"  {name:<22} {_cells(arm['figures'])}" for name, arm in report["arms"].items()]
    judge = judge if judge in report["goals"] else next(iter(report["goals"]))
    rows += _differences(report)
    rows += [
        "",
        f"  goals ({judge}, 95 % interval over people; in brackets the safe oracle under the same law):",
    ]
    pairs = zip(report["goals"][judge], report["goals"][ORACLE], strict=True)
    return rows + [f"    {_goal_line(goal, other['value'])}" for goal, other in pairs]


def _arm_report(own: Sequence[Outcome], oracle: Sequence[Outcome], seed: int) -> dict[str, Any]:
    strata = coverage_by_stratum(own)
    return {
        "figures": figures(own, oracle, seed),
        "violations": sum(one.violations for one in own),
        "sets": sum(one.sets for one in own),
        "by_phase": by_phase(own),
        "set_ends_percent": ends(own),
        "coverage_by_stratum_percent": strata,
        "coverage_least_stratum_percent": min(strata.values(), default=None),
    }


def _measured(arm: dict[str, Any]) -> dict[str, dict[str, float | None]]:
    """Return every figure that a goal looks at; counts have no interval."""
    counts = {name: arm[name] for name in ("violations", "coverage_least_stratum_percent")}
    alone = {name: {"value": value, "low": None, "high": None} for name, value in counts.items()}
    return {**arm["figures"], **alone}


def _differences(report: dict[str, Any]) -> list[str]:
    """Write what every arm does more or less than steady, on the same people."""
    found = report.get("paired_with_steady", {})
    rows = [
        f"    {name:<22} " + "   ".join(f"{head} {_range(arm[figure])}" for figure, head in COMPARED)
        for name, arm in found.items()
        if name != CONTROL
    ]
    return ["", "  less or more than steady on the same people (95 % interval):", *rows] if rows else []


def _range(one: dict[str, float | None]) -> str:
    if one["value"] is None:
        return "-"
    return f"{one['value']:+.2f} ({_cell(one['low'], 2)} to {_cell(one['high'], 2)})"


def _by_arm(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(one.arm, []).append(one)
    return found


def _heads() -> list[str]:
    return [f"{head:>9}" for _, head, _ in SHOWN]


def _cells(figures_of_arm: dict[str, Any]) -> str:
    return " ".join(f"{_cell(figures_of_arm[name]['value'], digits):>9}" for name, _, digits in SHOWN)


def _cell(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _goal_line(goal: dict[str, Any], oracle: float | None) -> str:
    bounds = [f">= {goal['least']:g}" if goal["least"] is not None else ""]
    bounds += [f"<= {goal['most']:g}" if goal["most"] is not None else ""]
    wanted = " and ".join(bound for bound in bounds if bound)
    verdict = {True: "met", False: "MISSED", None: "no data"}[goal["met"]]
    interval = "" if goal["low"] is None else f" ({_cell(goal['low'], 2)} to {_cell(goal['high'], 2)})"
    value = f"{_cell(goal['value'], 2)}{interval}"
    return f"{verdict:<7} {goal['goal']}: {value}, goal {wanted} [{_cell(oracle, 2)}]"
