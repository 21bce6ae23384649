"""When all is at rest: nothing lost, doubled, unsent or late, and every decision comes out again."""

import zlib
from collections import Counter
from collections.abc import Iterable

import msgspec
from sqlalchemy import Engine, func, select

from contract import topics
from contract.messages import Message
from ml.decision import Decision
from ml.request import Request
from openspine.simulation import ground
from openspine.simulation.trace import Trace, mark
from openspine.simulation.witness import Span, Witness
from services.coaching import Desk
from services.store import tables

FACTS = {
    "rep": tables.rep,
    "set_end": tables.finished_set,
    "answer": tables.answer,
    "gravity": tables.gravity,
    "receipt": tables.receipt,
    "event": tables.event,
}
# What may leave leaves within this time: a store that was away is asked again after five seconds, as when a
# service begins, and the bus looks into its outbox once a second.
LATE_MS = 8_000
FRESH_MS = (
    topics.COMMAND_EXPIRY_S * 1_000 - LATE_MS
)  # what is older when all stand may stay unsent: it expires


def judge(said: Iterable[Message], engine: Engine, desk: Desk, witness: Witness) -> dict[str, int]:
    """Compare what machines have on disk with what the service holds; breaks promises in the trace."""
    rows = list(said)
    trace = witness.trace
    counted = _compare(rows, engine, trace)
    counted["commands_judged"] = _judge_commands(engine, witness)
    counted["decisions"] = _decide_again(engine, desk, trace)
    return counted


def _compare(rows: list[Message], engine: Engine, trace: Trace) -> dict[str, int]:
    sent = {(row.head.machine, row.head.stream, row.head.seq) for row in rows}
    inbox = tables.inbox.c
    with engine.connect() as connection:
        held = Counter(
            (machine, stream, abs(seq))
            for machine, stream, seq in connection.execute(select(inbox.machine, inbox.stream, inbox.seq))
        )
        count = {
            kind: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for kind, table in FACTS.items()
        }
        buried = connection.execute(select(func.count()).select_from(tables.dead_letter)).scalar_one()
    kinds: Counter[str] = Counter(row.head.kind for row in rows)
    lost = sent - held.keys()
    doubled = held.total() - len(held) + sum(max(count[kind] - kinds[kind], 0) for kind in FACTS)
    missing = sum(max(kinds[kind] - count[kind], 0) for kind in FACTS)
    for promise, number in (("lost", max(len(lost), missing)), ("doubled", doubled), ("buried", buried)):
        if number:
            trace.break_(promise, f"{number} rows {sorted(lost)[:2] if promise == 'lost' else ''}")
    if held.keys() - sent:
        trace.break_("invented", f"{len(held.keys() - sent)} rows that no machine has said")
    return {"rows": len(rows), "lost": max(len(lost), missing), "doubled": doubled, "reps": kinds["rep"]}


def _judge_commands(engine: Engine, witness: Witness) -> int:
    """Find commands that could have left while fresh and never did, or late; count those that were judged."""
    outbox = tables.outbox.c
    spans_ms, judged = witness.spans_ms(), 0
    with engine.connect() as connection:
        found = connection.execute(select(outbox.created_ms, outbox.topic, outbox.payload)).all()
    for row in found:
        at_ms = row.created_ms - ground.START_MS
        name = f"{row.topic.rpartition('/')[2]} of {at_ms} ms"
        sent_ms = witness.sent_ms.get(mark(row.payload)) if row.payload else None
        is_out = sent_ms is not None or not row.payload  # a plan is emptied once out
        if not is_out and could_leave(at_ms, spans_ms):
            witness.trace.break_("unsent", name)
        late_ms = 0 if sent_ms is None else waited_ms(at_ms, sent_ms, spans_ms)
        if late_ms > LATE_MS:
            witness.trace.break_("late", f"{name} left after {late_ms} ms")
        judged += could_leave(at_ms, spans_ms) or sent_ms is not None
    return judged


def waited_ms(at_ms: int, sent_ms: int, spans_ms: Iterable[Span]) -> int:
    """Tell how long a command that was sent had waited while all parts stood."""
    since_ms = [max(start, at_ms) for start, end in spans_ms if start <= sent_ms <= end]
    return sent_ms - since_ms[-1] if since_ms else 0


def could_leave(at_ms: int, spans_ms: Iterable[Span]) -> bool:
    """Tell whether all parts stood together for long enough, from when it was fresh on."""
    return any(start <= at_ms + FRESH_MS and end - max(start, at_ms) >= LATE_MS for start, end in spans_ms)


def _decide_again(engine: Engine, desk: Desk, trace: Trace) -> int:
    table = tables.decision.c
    with engine.connect() as connection:
        logged = connection.execute(select(table.id, table.request, table.answer).order_by(table.id)).all()
    asked = [msgspec.json.decode(zlib.decompress(row.request), type=Request) for row in logged]
    again = desk.adjust(asked) if asked else []
    for row, decision in zip(logged, again, strict=True):
        if _bytes(decision) != zlib.decompress(row.answer):
            trace.break_("redecided", f"decision {row.id} comes out otherwise")
    return len(logged)


def _bytes(decision: Decision) -> bytes:
    return msgspec.json.encode(decision, order="deterministic")
