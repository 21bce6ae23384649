"""What a machine says in a session, without a body: the generator of rows of the chaos runs."""

import uuid
from collections.abc import Iterator
from random import Random

from contract.messages import (
    Answer,
    Applied,
    Curve,
    Event,
    Gravity,
    Receipt,
    RecordedBody,
    Rep,
    SetEnd,
    SignIn,
    SignOut,
)

SETS, REPS = 3, 10
START_CDEG, END_CDEG, LOAD_G = 500, 4_500, 20_000
LINE = tuple(float(number) for number in range(32))


def session(badge: str, kind: str, chance: Random) -> Iterator[RecordedBody]:
    """Say everything of one session; the settings are the machine's own (it hears of no plan)."""
    nonce = chance.randbytes(16).hex()
    yield SignIn(nonce=nonce, machine_kind=kind, firmware="chaos", badge=badge)
    yield Gravity(deg=(0.0, 30.0, 60.0), nm=(60.0, 40.0, 10.0))
    yield Answer(question="pain_before", value=2)
    for number in range(1, SETS + 1):
        setting = str(uuid.UUID(bytes=chance.randbytes(16), version=4))
        yield from _set(number, setting)
    yield Event(what="spool", detail="said by the chaos run")
    yield SignOut()


def _set(number: int, setting: str) -> Iterator[RecordedBody]:
    applied = Applied(load_g=LOAD_G, start_cdeg=START_CDEG, end_cdeg=END_CDEG)
    yield Receipt(result="applied", applied=applied, setting=setting)
    for rep in range(1, REPS + 1):
        yield _rep(number, rep, setting)
    yield SetEnd(
        set=number, side="both", setting=setting, reps=REPS, partial_reps=0, ended_by="target", duration_s=60
    )
    yield Answer(question="rir", value="3-5", set=number)


def _rep(number: int, rep: int, setting: str) -> Rep:
    return Rep(
        set=number,
        rep=rep,
        side="both",
        setting=setting,
        load_g=LOAD_G,
        start_deg=START_CDEG / 100,
        end_deg=END_CDEG / 100,
        concentric_s=2.0,
        hold_s=0.2,
        eccentric_s=3.0,
        peak_torque_nm=80.0,
        mean_torque_nm=70.0,
        work_j=60.0,
        peak_speed_deg_s=30.0,
        mean_speed_deg_s=20.0,
        smoothness=-1.6,
        curve=Curve(deg=LINE, nm=LINE),
    )
