import pytest

from emulator.control.goals import Goal, goals, is_met, judged


@pytest.mark.parametrize(
    ("value", "met"), [(77.0, True), (83.0, True), (76.9, False), (83.1, False), (None, False)]
)
def test_bounds_count_as_met(value: float | None, met: bool) -> None:
    assert is_met(Goal(figure="x", text="x", least=77, most=83), value) is met


def test_not_enough_data_is_neither_met_nor_missed() -> None:
    assert is_met(Goal(figure="x", text="x", least=77, may_lack=True), None) is None


def test_patients_are_given_less_overshoot_than_members() -> None:
    most = {profile: {g.figure: g.most for g in goals(profile)} for profile in ("rehab", "studio")}
    assert most["rehab"]["overshoot_percent"] == 5
    assert most["studio"]["overshoot_percent"] == 12


def test_every_goal_of_the_page_is_judged() -> None:
    found = {goal.figure: {"value": 0.0, "low": None, "high": None} for goal in goals("rehab")}
    verdicts = {one["figure"]: one["met"] for one in judged("rehab", found)}
    assert len(verdicts) == 10
    assert verdicts["violations"] is True
    assert verdicts["in_zone_percent"] is False
