"""The law: whatever the limiter lets out the guard accepts; whatever the guard accepts is inside the page."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from agent_facts import GOOD, amount_reason
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.envelope import limits, staff_cap, under
from contract.messages import Setting
from machine_agent import guard
from machine_agent.facts import Facts
from machine_agent.guard import Accepted, Refused, decide
from ml import limiter
from ml.limiter import limit
from ml.request import Dose
from openspine.fuzz import oracle
from openspine.fuzz.moments import SEEN
from openspine.fuzz.scenes import Scene

SEEDS = st.integers(0, 2**64)  # each is a person, a kind of machine, a side, a history, flags and a wish


def honest(facts: Facts) -> Facts:
    """The same moment without a mistake in who, when or what: only the amounts are left to judge."""
    plan = facts.plan
    envelope = replace(plan.envelope, machine_kind=facts.visit.kind.name, valid_until_ms=facts.wall_ms + 1)
    side, mode = facts.upcoming.get(2, (plan.settings[0].side, plan.settings[0].mode))
    visit = replace(facts.visit, subject=envelope.subject, session=plan.session, nonce=plan.settings[0].nonce)
    return replace(
        facts,
        visit=visit,
        plan=replace(plan, envelope=envelope, nonce=visit.nonce),
        upcoming={2: (side, mode)},
        hold_seq=0,
        last_rep_seq=0,
        evidence=GOOD,
        mono_ms=max(facts.rows.values()),
    )


def wish_of(setting: Setting) -> Dose:
    """The part of a setting that a model wishes."""
    return Dose(**{name: getattr(setting, name) for name in Dose.__slots__})


def delivered(seed: int) -> tuple[Setting, Facts] | None:
    """What the limiter makes of a wish, as a setting in an honest moment; None when it lets nothing out."""
    scene = Scene(Random(seed))
    setting, facts = scene.setting(), honest(scene.facts)
    side, mode = facts.upcoming[2]
    plan = facts.plan
    wish = replace(wish_of(setting), set=2, side=side, mode=mode, opens=plan.settings[1].opens)
    signed = limits(plan.envelope, facts.visit.kind, side, facts.side.standing, plan.flags, plan.ceiling_g)
    if wish.is_for_staff:
        signed = under(signed, staff_cap(plan.envelope, side, facts.side.standing.history))
    out = limit(wish, under(signed, facts.side.cap))
    if out.dose is None:
        return None
    changes: dict[str, Any] = {name: getattr(out.dose, name) for name in Dose.__slots__}
    who: dict[str, Any] = {
        "session": facts.visit.session,
        "nonce": facts.visit.nonce,
        "seq": SEEN + 1,
        "ttl_ms": 30_000,
    }
    fresh = replace(setting.basis, stream=facts.stream, seq=max(facts.rows))
    return replace(setting, **changes, **who, basis=fresh, envelope_version=plan.envelope.version), facts


@given(seed=SEEDS)
@settings(max_examples=400, deadline=None)
def test_whatever_the_limiter_lets_out_the_guard_accepts(seed: int) -> None:
    found = delivered(seed)
    if found is not None:
        setting, facts = found
        assert decide(setting, facts, verified=True, retained=False) == Accepted(setting=setting)
        assert oracle.reason(setting, facts, verified=True, retained=False) is None


@given(seed=SEEDS, verified=st.booleans(), retained=st.booleans())
@settings(max_examples=400, deadline=None)
def test_whatever_the_guard_accepts_is_inside_the_page(seed: int, *, verified: bool, retained: bool) -> None:
    scene = Scene(Random(seed))
    for setting in (scene.setting(), scene.setting()):
        verdict = decide(setting, scene.facts, verified=verified, retained=retained)
        wanted = oracle.reason(setting, scene.facts, verified=verified, retained=retained)
        assert (verdict.reason if isinstance(verdict, Refused) else None) == wanted


@given(seed=SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_setting_that_is_chosen_later_is_judged_by_the_same_page(seed: int) -> None:
    scene = Scene(Random(seed))
    setting = scene.setting()
    if oracle.is_unit_right(setting):  # what is queued has been through the whole list
        assert guard.how_much(setting, scene.facts) == amount_reason(setting, scene.facts)


def test_most_wishes_do_get_out() -> None:
    found = [delivered(seed) for seed in range(200)]
    assert sum(one is not None for one in found) > 100
    assert any(one is not None and one[0].is_for_staff and one[0].load_g > 0 for one in found)


def test_control_a_limiter_that_rounds_outward_breaks_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "violations", lambda *_: ())
    monkeypatch.setattr(limiter, "LOAD_STEP_G", 1)
    with pytest.raises(AssertionError):
        test_whatever_the_limiter_lets_out_the_guard_accepts()
