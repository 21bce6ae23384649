"""Builders of valid messages: a test says only what it cares about."""

from dataclasses import replace
from typing import Any

from contract.messages import (
    KINDS,
    Basis,
    Envelope,
    Head,
    Message,
    Plan,
    RecordedBody,
    Rep,
    SetEnd,
    Setting,
    SideRange,
    Stop,
    Why,
)

STREAM = "11111111-1111-4111-8111-111111111111"
BOOT = "22222222-2222-4222-8222-222222222222"
SESSION = "33333333-3333-4333-8333-333333333333"
SETTING = "44444444-4444-4444-8444-444444444444"
PATIENT = "55555555-5555-4555-8555-555555555555"
NONCE = "0123456789abcdef0123456789abcdef"
SUBJECT = "fedcba9876543210fedcba9876543210"
MACHINE = "lumbar-1"


def a_rep(**changes: Any) -> Rep:
    rep = Rep(
        set=1,
        rep=1,
        side="both",
        setting=SETTING,
        load_g=20_000,
        start_deg=0.5,
        end_deg=49.5,
        concentric_s=2.1,
        hold_s=0.1,
        eccentric_s=3.0,
        peak_torque_nm=92.5,
        mean_torque_nm=80.25,
        work_j=68.0,
        peak_speed_deg_s=34.0,
        mean_speed_deg_s=23.5,
        smoothness=-1.6,
    )
    return replace(rep, **changes)


def a_set_end(**changes: Any) -> SetEnd:
    end = SetEnd(
        set=1, side="both", setting=SETTING, reps=10, partial_reps=0, ended_by="target", duration_s=61.0
    )
    return replace(end, **changes)


def a_message(body: RecordedBody | None = None, **changes: Any) -> Message:
    body = body or a_rep()
    head = Head(
        v=1,
        kind=KINDS[type(body)],
        machine=MACHINE,
        stream=STREAM,
        seq=1,
        boot=BOOT,
        mono_ms=10_000,
        wall_ms=1_790_000_000_000,
        session=SESSION,
    )
    return Message(head=replace(head, **changes), body=body)


def an_envelope(**changes: Any) -> Envelope:
    envelope = Envelope(
        version=1,
        subject=SUBJECT,
        machine_kind="lumbar_extension",
        max_load_g=60_000,
        max_torque_nm=150,
        sides={"both": SideRange(lowest_cdeg=0, highest_cdeg=6_000, start_highest_cdeg=5_400)},
        max_speed_cdeg_s=4_500,
        phase="build",
        phase_cap_g=40_000,
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=1_800_000_000_000,
        key_id="demo-envelope",
    )
    return replace(envelope, **changes)


def a_setting(**changes: Any) -> Setting:
    setting = Setting(
        id=SETTING,
        session=SESSION,
        nonce=NONCE,
        seq=1,
        set=1,
        side="both",
        mode="train",
        load_g=20_000,
        start_cdeg=0,
        end_cdeg=5_000,
        reps=10,
        work_ms=0,
        tempo_ms=(2_000, 0, 3_000),
        rest_ms=60_000,
        stop=Stop(min_speed_pct=70),
        basis=Basis(stream=STREAM, seq=1),
        ttl_ms=30_000,
        envelope_version=1,
        why=(Why(code="hold_steady", values={"load_g": 20_000}),),
        policy="steady",
        model="rule",
        key_id="demo-command",
    )
    return replace(setting, **changes)


def a_plan(**changes: Any) -> Plan:
    plan = Plan(
        session=SESSION,
        nonce=NONCE,
        patient=PATIENT,
        greeting="Mrs Chan",
        language="en",
        clock="wall",
        profile="rehab",
        envelope=an_envelope(),
        settings=(a_setting(), a_setting(set=2, seq=2)),
        history={},
        flags=(),
        ceiling_g=0,
        questions=("pain_before",),
        set_up={"seat": 4},
        key_id="demo-command",
    )
    return replace(plan, **changes)
