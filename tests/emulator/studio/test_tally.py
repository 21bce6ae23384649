from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.messages import (
    Applied,
    Head,
    Message,
    Receipt,
    RecordedBody,
    Rep,
    SetEnd,
    Setting,
    SignIn,
    SignOut,
)
from contract.messages.vocabulary import RecordedKind
from emulator.studio.tally import Tally, percentile
from machine_agent.agent import DownMessage

SESSION = "33333333-3333-4333-8333-333333333333"


class Seconds:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _row(body: RecordedBody, kind: RecordedKind, seq: int) -> Message:
    head = Head(
        v=1, kind=kind, machine="row-1", stream="11111111-1111-4111-8111-111111111111", seq=seq,
        boot="22222222-2222-4222-8222-222222222222", mono_ms=0, wall_ms=0, session=SESSION,
    )  # fmt: skip
    return Message(head=head, body=body)


def _heard(body: Any) -> DownMessage:
    return DownMessage(body=body, verified=True, retained=False)


@pytest.fixture
def planned(small_service: Callable[..., Any]) -> tuple[Tally, Seconds, Setting]:
    seconds = Seconds()
    tally = Tally(seconds=seconds)
    sign_in = SignIn(nonce="0" * 32, machine_kind="row", firmware="f", badge="b")
    plan = small_service().plan(_row(sign_in, "sign_in", 1), sign_in)
    tally.heard(_heard(plan))
    return tally, seconds, plan.settings[1]


def test_a_round_trip_runs_from_the_stored_set_end_to_its_setting(
    planned: tuple[Tally, Seconds, Setting],
) -> None:
    tally, seconds, row = planned
    end = SetEnd(set=1, side="both", setting=row.id, reps=8, partial_reps=0, ended_by="target", duration_s=40)
    tally.recorded(_row(end, "set_end", 20))
    seconds.now = 0.25
    tally.heard(_heard(replace(row, seq=9, basis=replace(row.basis, seq=19))))
    assert tally.round_trips_ms == []
    tally.heard(_heard(replace(row, seq=10, basis=replace(row.basis, seq=20))))
    assert tally.round_trips_ms == [250]


def test_applied_settings_count_when_they_differ_from_the_plan(
    planned: tuple[Tally, Seconds, Setting],
) -> None:
    tally, _, row = planned
    same = replace(row, id="44444444-4444-4444-8444-444444444444")
    heavier = replace(row, id="55555555-5555-4555-8555-555555555555", load_g=row.load_g + 100)
    wider = replace(row, id="66666666-6666-4666-8666-666666666666", end_cdeg=row.end_cdeg + 500)
    for setting in (same, heavier, wider):
        tally.heard(_heard(setting))
        applied = Applied(load_g=1, start_cdeg=0, end_cdeg=0)
        tally.recorded(_row(Receipt(result="applied", applied=applied, setting=setting.id), "receipt", 5))
    assert (tally.settings_sent, tally.changed, tally.changed_range) == (3, 2, 1)


def test_reps_and_sessions_are_counted_when_they_are_on_disk(planned: tuple[Tally, Seconds, Setting]) -> None:
    tally, _, row = planned
    rep = Rep(
        set=1, rep=1, side="both", setting=row.id, load_g=1, start_deg=1.234, end_deg=40, concentric_s=2,
        hold_s=0, eccentric_s=3, peak_torque_nm=1, mean_torque_nm=1, work_j=1, peak_speed_deg_s=1,
        mean_speed_deg_s=1, smoothness=-2,
    )  # fmt: skip
    tally.recorded(_row(rep, "rep", 7))
    tally.recorded(_row(SignOut(), "sign_out", 8))
    assert tally.reps == [("11111111-1111-4111-8111-111111111111", 7)]
    assert tally.ranges_deg == [(1.23, 40)]
    assert tally.sessions == 1


def test_percentiles() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([], 0.5) is None
