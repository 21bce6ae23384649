"""Sessions from the store into memory."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from msgspec import UNSET
from sqlalchemy import Connection

from contract.messages import Answer, Applied, Rep, SetEnd, TestResult
from contract.reading import converter
from ml.request import Dose
from services.coaching.case import Belief, Case, Frame, PlanRow, Today
from services.coaching.order import OVERRIDE, order_of
from services.store import sessions as store

_REP_FIELDS = (
    "side", "load_g", "start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm",
    "mean_torque_nm", "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness",
)  # fmt: skip
_REP_FIGURES = attrgetter(*_REP_FIELDS)

RECORDED = frozenset(
    ("rep", "finished_set", "answer", "receipt", "event", "test_result")
)  # tables of what a machine said
END = 2**63  # no row of a stream has such a number
_frame = converter(Frame, strict=False)
_TEST_FIELDS = ("mode", "side", "angle_cdeg", "peak_torque_nm", "mean_3s_nm", "range_deg", "attempt")


def load(
    connection: Connection,
    rows: Mapping[str, dict[str, Any]],
    deep: Iterable[str],
    before: Mapping[str, int] | None = None,
) -> dict[str, Case]:
    """Make a case of every session row; those in `deep` with all their facts, under the lock of their row.

    `before`: by session the row before which a case ends: what follows is gone through again.
    """
    cases = {
        number: Case(row=row, stored=dict(row), was_closed=row["closed_ms"] is not None)
        for number, row in rows.items()
    }
    wanted = [number for number in deep if number in cases]
    filed_ms = {number: rows[number]["filed_ms"] for number in wanted}
    ends = before or {}
    for row in store.locked(connection, wanted):
        case, frame = cases[row["id"]], row.pop("frame")
        case.row, case.stored, case.was_closed = row, dict(row), row["closed_ms"] is not None
        case.frame = _frame(frame) if frame else None
    deeper = [cases[number] for number in wanted]
    told = store.facts(connection, filed_ms, _visit_ids(deeper))
    visits = {row.id: row for row in told.pop("visit")}
    for table, found in told.items():
        for fact in found:
            if table not in RECORDED or fact.seq < ends.get(fact.session_id, END):
                _TAKE[table](cases[fact.session_id], fact)
    _take_visits(deeper, visits)
    for number in wanted:
        cases[number].plan = dict(sorted(cases[number].plan.items()))
    return cases


def _visit_ids(cases: Iterable[Case]) -> set[str]:
    """Name the visits of sessions, and those before them."""
    previous = {case.frame.previous_visit for case in cases if case.frame}
    return {number for number in {case.row["visit_id"] for case in cases} | previous if number}


def _take_visits(cases: Iterable[Case], visits: Mapping[str, Any]) -> None:
    for case in cases:
        visit = visits.get(case.row["visit_id"])
        if visit is None:
            continue
        before = visits.get(case.frame.previous_visit or "") if case.frame else None
        case.today = Today(
            day=visit.day,
            pain_before=visit.pain_before,
            spasm=visit.spasm,
            new_symptoms=visit.new_symptoms,
            morning_nrs=before.morning_nrs if before else None,
        )


def _take_setting(case: Case, row: Any) -> None:
    ordinal = row.ordinal
    dose = Dose(
        set=ordinal,
        side=row.side,
        mode=row.mode,
        load_g=row.load_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
        reps=row.reps,
        work_ms=row.work_ms,
        tempo_ms=tuple(row.tempo_ms),
        rest_ms=row.rest_ms,
        opens=row.opens or UNSET,
    )
    case.doses[row.id] = dose
    if row.order_id:
        case.ordered[row.id] = row.order_id
    if row.raised:
        case.raised[row.id] = row.raised
    is_dead = row.state in ("refused", "expired", "proposed")
    if not is_dead and row.seq > case.newest_command.get(row.set_number, 0):
        case.plan[row.set_number] = PlanRow(set=row.set_number, side=row.side, ordinal=ordinal, dose=dose)
        case.newest_command[row.set_number] = row.seq


def _take_rep(case: Case, row: Any) -> None:
    figures: dict[str, Any] = dict(zip(_REP_FIELDS, _REP_FIGURES(row), strict=True))
    case.newest_seq = max(case.newest_seq, row.seq)
    case.add_rep(
        Rep(
            set=row.set_number,
            rep=row.rep_number,
            setting=row.setting_id,
            quality=tuple(row.quality),
            **figures,
        ),
        (row.stream, row.seq),
    )


def _take_set(case: Case, row: Any) -> None:
    case.newest_seq = max(case.newest_seq, row.seq)
    case.ends[row.set_number] = SetEnd(
        set=row.set_number,
        side=row.side,
        setting=row.setting_id,
        reps=row.reps,
        partial_reps=row.partial_reps,
        ended_by=row.ended_by,
        duration_s=row.duration_s,
    )


def _take_answer(case: Case, row: Any) -> None:
    case.newest_seq = max(case.newest_seq, row.seq)
    if row.set_number is not None:
        value = row.word if row.number is None else row.number
        case.hear(Answer(question=row.question, value=value, set=row.set_number))


def _take_receipt(case: Case, row: Any) -> None:
    case.newest_seq = max(case.newest_seq, row.seq)
    if row.result == "applied" and row.setting_id is not None:
        case.applied[row.setting_id] = Applied(
            load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg
        )


def _take_event(case: Case, row: Any) -> None:
    case.newest_seq = max(case.newest_seq, row.seq)
    case.had_pain = case.had_pain or row.what == "pain"


def _take_order(case: Case, row: Any) -> None:
    if row.kind == OVERRIDE:
        case.orders[row.id] = order_of(row)
    elif row.result != "refused":
        case.is_held = True


def _take_belief(case: Case, row: Any) -> None:
    case.beliefs[row.side] = Belief(before=row.before, latest=row.latest)


def _take_alert(case: Case, row: Any) -> None:
    case.alerted.add((row.code, row.detail))


def _take_test(case: Case, row: Any) -> None:
    figures = {name: getattr(row, name) for name in _TEST_FIELDS}
    case.tests.append(TestResult(**figures))


_TAKE = {
    "setting": _take_setting,
    "rep": _take_rep,
    "finished_set": _take_set,
    "answer": _take_answer,
    "receipt": _take_receipt,
    "event": _take_event,
    "belief": _take_belief,
    "alert": _take_alert,
    "staff_order": _take_order,
    "test_result": _take_test,
}
