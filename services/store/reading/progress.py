"""What a person did over months: one row per session and side, one per visit."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.store.reading.keyset import Rows
from services.store.tables import answer, belief, said, session, summary, visit

TOLD_MOST = 1_000  # three answers a week for six years
READINESS_AT_A_MACHINE, READINESS_ON_A_PHONE = 5, 10  # the highest answer; the lowest are 1 and 0
SLOPE = 1  # its place in the state of a belief: mean and covariance (ml/belief/state.py)
SUMMARIES_MOST = 4_000  # two visits a week at ten stations with two sides for two years


def summaries(
    connection: Connection, patient_id: str, kind: str | None = None, side: str | None = None
) -> Rows:
    """List the session summaries of one patient, oldest first."""
    query = select(summary).where(summary.c.patient_id == patient_id)
    if kind is not None:
        query = query.where(summary.c.kind == kind)
    if side is not None:
        query = query.where(summary.c.side == side)
    newest_first = connection.execute(query.order_by(summary.c.wall_ms.desc()).limit(SUMMARIES_MOST)).all()
    return newest_first[::-1]


def slopes(connection: Connection, patient_id: str, kind: str | None = None, side: str | None = None) -> Rows:
    """List log endurance slopes (mean, variance) as believed after each session of one patient."""
    query = select(
        belief.c.session_id,
        belief.c.side,
        belief.c.latest["mean", SLOPE].as_float().label("slope"),
        belief.c.latest["covariance", SLOPE, SLOPE].as_float().label("variance"),
    ).where(belief.c.patient_id == patient_id)
    if kind is not None:
        query = query.where(belief.c.kind == kind)
    if side is not None:
        query = query.where(belief.c.side == side)
    return connection.execute(query.order_by(belief.c.opened_ms.desc()).limit(SUMMARIES_MOST)).all()


def visits(connection: Connection, patient_id: str) -> Rows:
    """List the visits of one patient, oldest first."""
    return connection.execute(
        select(visit).where(visit.c.patient_id == patient_id).order_by(visit.c.started_ms)
    ).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer on a scale up to `most`."""

    at_ms: int
    value: int
    most: int


def readiness(connection: Connection, patient_id: str) -> list[Told]:
    """List how ready one patient felt, as told at machines and on the phone, oldest first."""
    at_machines = connection.execute(
        select(answer.c.wall_ms, answer.c.number)
        .join_from(answer, session, session.c.id == answer.c.session_id)
        .where(session.c.patient_id == patient_id, answer.c.question == "readiness")
    )
    on_phone = connection.execute(
        select(said.c.at_ms, said.c.value).where(
            said.c.patient_id == patient_id, said.c.question == "readiness"
        )
    )
    told = [(at_ms, value, READINESS_AT_A_MACHINE) for at_ms, value in at_machines if value is not None]
    told += [(at_ms, value, READINESS_ON_A_PHONE) for at_ms, value in on_phone]
    return [Told(at_ms=at_ms, value=value, most=most) for at_ms, value, most in sorted(told)[-TOLD_MOST:]]
