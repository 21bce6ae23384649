"""What the store tells of those who sign in, read once for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from contract.messages import SignIn
from services.coaching import care, course, skew
from services.coaching.care import Care
from services.coaching.circuit import Circuits
from services.coaching.history import studio_day
from services.coaching.receive import Fact
from services.store.past import told_of
from services.store.visits import Left, left

DAY_MS = 86_400_000  # no visit lasts longer
ELSEWHERE_DAYS = 28  # a belief of another machine older than that tells nothing new of the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Of everybody who signs in with one batch."""

    limits: Mapping[tuple[str, str], Any]
    sessions: Sequence[Any]
    visits: Sequence[Any]
    beliefs: Sequence[Any]
    left: Left
    records: course.Records = field(default_factory=course.Records)
    elsewhere: Sequence[Any] = ()  # newest beliefs by patient and kind, newest first
    skews_ms: Mapping[str, int] = field(default_factory=dict)  # by session: of a clock that stands wrong
    laid_down: Care = field(default_factory=Care)
    circuits: Circuits = field(default_factory=Circuits)


def past_of(connection: Connection, found: Sequence[tuple[Any, Fact, SignIn]]) -> Past:
    """Read it for those who were identified: person, fact and sign-in of each."""
    if not found:
        return Past(limits={}, sessions=(), visits=(), beliefs=(), left=Left(troubles={}, trained_ms={}))
    now_ms = min(fact.message.head.wall_ms for _, fact, _ in found)
    told = told_of(
        connection,
        {
            "patients": sorted({row.id for row, _, _ in found}),
            "kinds": sorted({body.machine_kind for _, _, body in found}),
            "origins": sorted({fact.origin for _, fact, _ in found}),
            "days": sorted({studio_day(fact.message.head.wall_ms, row.time_zone) for row, fact, _ in found}),
            "machines": sorted({(fact.origin, fact.message.head.machine) for _, fact, _ in found}),
            "purpose": care.TRAINING,
            "spasms_ms": now_ms - course.SPASM_DAYS * DAY_MS,
            "recent_ms": now_ms - ELSEWHERE_DAYS * DAY_MS,
            "massages_ms": now_ms - care.SORE_MS,
        },
    )
    today = (visit.id for visit in told.visits if visit.started_ms > now_ms - DAY_MS)
    statuses = {(row.origin, row.machine): row for row in told.statuses}
    return Past(
        limits={(row.patient_id, row.kind): row for row in told.limits},
        sessions=told.sessions,
        visits=told.visits,
        beliefs=told.beliefs,
        left=left(connection, (visit.id for visit in told.visits), today),
        records=course.Records(
            turning_points=told.turning_points,
            symptoms=told.symptoms,
            signings=told.signings,
            tests=told.tests,
        ),
        elsewhere=told.elsewhere,
        skews_ms=skew.skews_ms(statuses, [fact for _, fact, _ in found]),
        laid_down=Care(
            presets=told.presets,
            massages=told.massages,
            tests=told.ordered,
            withdrawn=care.withdrawn(told.consents),
        ),
        circuits=Circuits(booked=told.booked, done=told.done),
    )
