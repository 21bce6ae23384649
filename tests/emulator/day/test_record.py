from dataclasses import replace

import pytest

from contract.messages import (
    KINDS,
    Ack,
    Applied,
    Basis,
    Head,
    Message,
    Plan,
    Receipt,
    RecordedBody,
    Rep,
    SetEnd,
    Setting,
    SignOut,
    Stop,
    Why,
)
from emulator.day.booking import Booked
from emulator.day.hall import Seat
from emulator.day.record import Diary, Stay, digest_of_floor, dose, since
from emulator.day.staff import Call

REP = Rep(
    set=1, rep=1, side="both", setting="s-1", load_g=9_000, start_deg=0.0, end_deg=40.0, concentric_s=2.0,
    hold_s=0.1, eccentric_s=3.0, peak_torque_nm=50.0, mean_torque_nm=40.0, work_j=30.0, peak_speed_deg_s=30.0,
    mean_speed_deg_s=20.0, smoothness=-1.5,
)  # fmt: skip
SETTING = Setting(
    id="s-1", session="x", nonce="n", seq=1, set=2, side="both", mode="train", load_g=9_000, start_cdeg=0,
    end_cdeg=4_000, reps=10, work_ms=0, tempo_ms=(2_000, 0, 3_000), rest_ms=60_000,
    stop=Stop(min_speed_pct=0, max_tempo_pct=0, min_range_pct=0, max_reps=12),
    basis=Basis(stream="y", seq=3), ttl_ms=30_000, envelope_version=1, why=(Why(code="steady"),),
    policy="steady", model="m", key_id="k",
)  # fmt: skip


def row(body: RecordedBody, mono_ms: int = 5) -> Message:
    head = Head(
        v=1, kind=KINDS[type(body)], machine="m-1", stream="t", seq=1, boot="b", mono_ms=mono_ms, wall_ms=9,
        session="x",
    )  # fmt: skip
    return Message(head=head, body=body)


def diary(*bodies: RecordedBody, at_ms: int = 100, machine: str = "m-1") -> Diary:
    made = Diary()
    for body in bodies:
        made.row(machine, row(body), at_ms)
    return made


def test_rows_are_counted_and_what_may_alarm_is_known() -> None:
    end = SetEnd(set=1, side="both", setting="s-1", reps=1, partial_reps=0, ended_by="target", duration_s=9.0)
    applied = Receipt(setting="s-1", result="applied", applied=Applied(load_g=1, start_cdeg=0, end_cdeg=1))
    found = diary(applied, REP, REP, end, SignOut())
    assert (found.reps, found.sets, found.receipts, found.asks) == (2, 1, {"applied": 1}, 2)


def test_ids_and_the_real_clock_are_no_facts_of_a_day() -> None:
    renamed = Diary()
    renamed.row("m-1", row(replace(REP, setting="s-2"), mono_ms=6), 100)
    assert renamed.digest_of_rows() == diary(REP).digest_of_rows()


@pytest.mark.parametrize(
    "other",
    [
        diary(replace(REP, load_g=9_100)),
        diary(replace(REP, end_deg=40.001)),
        diary(REP, at_ms=101),
        diary(REP, machine="m-2"),
        diary(REP, REP),
        Diary(),
    ],
    ids=["load", "angle", "time", "machine", "twice", "nothing"],
)
def test_every_fact_is_in_the_digest(other: Diary) -> None:
    assert other.digest_of_rows() != diary(REP).digest_of_rows()


def test_machines_may_be_heard_in_any_order() -> None:
    one, other = Diary(), Diary()
    for made, order in ((one, ("m-1", "m-2")), (other, ("m-2", "m-1"))):
        for machine in order:
            made.row(machine, row(REP), 100)
    assert one.digest_of_rows() == other.digest_of_rows()


def test_a_decision_is_its_dose_and_reasons_and_no_signature() -> None:
    def decided(setting: Setting) -> str:
        found = Diary()
        found.answer("m-1", setting)
        found.answer("m-1", Ack(stream="t", upto=1))
        return found.digest_of_decisions()

    assert decided(replace(SETTING, id="s-9", nonce="o", key_id="l", session="z")) == decided(SETTING)
    assert decided(replace(SETTING, load_g=9_100)) != decided(SETTING)
    assert decided(replace(SETTING, why=(Why(code="held"),))) != decided(SETTING)
    assert dose(SETTING)[3] == 9_000


def test_a_plan_is_all_its_rows() -> None:
    plans = []
    for settings in ((SETTING,), (SETTING, SETTING)):
        plan = object.__new__(Plan)
        object.__setattr__(plan, "settings", settings)
        found = Diary()
        found.answer("m-1", plan)
        plans.append(found.digest_of_decisions())
    assert plans[0] != plans[1]


def test_the_floor_is_named_by_bookings_stays_and_errands() -> None:
    booked = (Booked(badge="a", due_ms=0, comes_ms=1, stations=()),)
    seat = Seat(badge="a", machine="m-1", kind="row", since_ms=0, taken_ms=1, begins_ms=2)
    stay = Stay(seat=seat, ends_ms=9, sets=1, reps=2, load_kg=3.0)
    later = replace(stay, ends_ms=10)
    assert digest_of_floor(booked, [stay, later], []) == digest_of_floor(booked, [later, stay], [])
    assert digest_of_floor(booked, [stay], []) != digest_of_floor(booked, [later], [])
    assert digest_of_floor((), [stay], []) != digest_of_floor(booked, [stay], [])


def test_an_alert_is_told_in_the_days_own_time() -> None:
    call = Call(raised_ms=1_500, severity="red", code="pain", machine="m-1", badge="a")
    assert since(call, 1_000).raised_ms == 500
