"""The law: whatever the guard accepts is safe."""

from dataclasses import replace
from typing import Any

from agent_facts import GOOD, KIND, STANDING
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.envelope import Cap, limits, violations
from contract.messages import Flag, Setting
from machine_agent.facts import Current, Facts, SideState
from machine_agent.guard import Refused, decide, how_much

LOADS = st.integers(-10, 700).map(lambda steps: steps * 100) | st.integers(-10, 70_000)
ANGLES = st.integers(-200, 8_000)


DOSES = st.fixed_dictionaries(
    {"load_g": LOADS, "start_cdeg": ANGLES, "end_cdeg": ANGLES, "reps": st.integers(-1, 40)}
)
STATES = st.fixed_dictionaries(
    {
        "accepted_g": st.none() | st.integers(0, 500).map(lambda steps: steps * 100),
        "day_start_g": st.integers(0, 500).map(lambda steps: steps * 100),
        "peaks_cdeg": st.lists(st.integers(500, 7_000), max_size=3).map(tuple),
    }
)
FLAGS: st.SearchStrategy[set[Flag]] = st.sets(st.sampled_from(["calibrating", "returning"]))


@given(
    dose=DOSES,
    state=STATES,
    cap_g=st.none() | st.integers(0, 500).map(lambda steps: steps * 100),
    flags=FLAGS,
    clean=st.booleans(),
)
@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_accepted_is_safe(
    *,
    dose: dict[str, Any],
    state: dict[str, Any],
    cap_g: int | None,
    flags: set[Flag],
    clean: bool,
    good: Setting,
    facts: Facts,
) -> None:
    """Inside the absolute limits always; beyond what the side has now only without any violation."""
    load_g = state["accepted_g"]
    now = None if load_g is None else Current(load_g=load_g, start_cdeg=1_000, end_cdeg=5_000)
    side = SideState(standing=replace(STANDING, **state), current=now, cap=Cap(load_g=cap_g))
    plan = replace(facts.plan, flags=tuple(flags), ceiling_g=30_000)
    known = replace(facts, side=side, plan=plan, evidence=replace(GOOD, last_rep_clean=clean))
    setting = replace(good, **dose)
    if isinstance(decide(setting, known, verified=True, retained=False), Refused):
        return
    assert 0 <= setting.load_g <= min(50_000, cap_g if cap_g is not None else 50_000)
    assert setting.load_g % 100 == 0
    assert setting.start_cdeg >= 0
    assert setting.start_cdeg + 1_000 <= setting.end_cdeg <= 6_000
    is_inside = setting.start_cdeg >= 1_000 and setting.end_cdeg <= 5_000
    if now is None or setting.load_g > now.load_g or not is_inside:
        bounds = limits(plan.envelope, KIND, "both", side.standing, plan.flags, plan.ceiling_g)
        assert violations(setting, bounds) == ()
        assert clean
    assert how_much(setting, known) is None
