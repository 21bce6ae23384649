from emulator.control.outcome import Outcome
from emulator.control.report import lines, profile_report

LOADS = {0: 10_000, 3: 10_500}


def made(arm: str, number: int, in_zone: int = 6, flares: int = 0) -> Outcome:
    return Outcome(
        number=number, stratum="female 20-39 mild", arm=arm, sets=10, in_zone=in_zone, above=1, overshoots=0,
        by_phase={"build": (10, in_zone)}, ends={"target": 10}, covered=8, banded=10, held=0, bounded=0,
        believed=8, violations=0, visits=2, blocked=0, flares=flares, gain=0.1, range_deg=5.0,
        pain_change=-1.0, load_ratio=1.1, effort=4.0, loads_g=LOADS if arm != "control" else {},
    )  # fmt: skip


OUTCOMES = [
    made(arm, number, in_zone)
    for arm, in_zone in (("oracle", 8), ("steady", 7), ("linear", 4), ("control", 0))
    for number in range(12)
]


def test_goals_are_judged_for_every_arm_that_trains() -> None:
    report = profile_report("rehab", OUTCOMES, 1)
    assert set(report["goals"]) == {"oracle", "steady", "linear"}
    verdicts = {goal["figure"]: goal["met"] for goal in report["goals"]["steady"]}
    assert verdicts["in_zone_percent"] is True
    assert verdicts["coverage_percent"] is True
    zone = {arm: part["figures"]["in_zone_percent"]["value"] for arm, part in report["arms"].items()}
    assert zone == {"oracle": 80.0, "steady": 70.0, "linear": 40.0, "control": 0.0}
    assert {goal["figure"]: goal["met"] for goal in report["goals"]["linear"]}["in_zone_percent"] is False


def test_differences_are_against_steady_and_need_it() -> None:
    report = profile_report("rehab", OUTCOMES, 1)
    assert report["paired_with_steady"]["linear"]["in_zone_percent"]["value"] == -30.0
    alone = profile_report("rehab", [one for one in OUTCOMES if one.arm != "steady"], 1)
    assert "paired_with_steady" not in alone
    assert any("goals (oracle" in line for line in lines("rehab", alone))


def test_people_read_met_and_missed_beside_the_oracle() -> None:
    text = "\n".join(lines("rehab", profile_report("rehab", OUTCOMES, 1), "linear"))
    assert "MISSED  sets in the phase's effort zone, %: 40.00 (40.00 to 40.00), goal >= 65 [80.00]" in text
    assert "met     commands beyond the envelope: 0.00, goal <= 0 [0.00]" in text
    assert "linear                 zone -30.00" in text
