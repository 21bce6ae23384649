"""The work of a studio day: orders of staff, bookings, ticks, notes, answers from the phone, signatures."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from services.store.tables.columns import (
    MACHINE,
    SHORT,
    UUID,
    WORD,
    count,
    figure,
    metadata,
    ms,
    sealed,
    word,
)


def _patient() -> Column[str]:
    return Column("patient_id", UUID, ForeignKey("patient.id"), nullable=False)


# What staff told a machine or the model. `kind`: stop, pause, freeze (holds) or override (a dose of their own
# for one side, until `ended_ms`; `because` says whether it tells of strength). `result`, `refusal`: of the
# machine's receipt for a hold; none yet = not delivered.
staff_order = Table(
    "staff_order",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("origin", SHORT, nullable=False),
    Column("machine", MACHINE, nullable=False),
    Column("session_id", UUID, ForeignKey("session.id"), index=True),
    Column("patient_id", UUID, ForeignKey("patient.id")),
    word("kind"),
    count("seq"),
    Column("side", SHORT),
    count("from_set", nullable=True),
    count("load_g", nullable=True),
    count("start_cdeg", nullable=True),
    count("end_cdeg", nullable=True),
    count("reps", nullable=True),
    word("because", nullable=True),
    sealed("reason"),
    word("by_id"),
    sealed("by_name"),
    ms("made_ms"),
    word("result", nullable=True),
    word("refusal", nullable=True),
    ms("answered_ms", nullable=True),
    ms("ended_ms", nullable=True),
    word("ended_by", nullable=True),
    Index(None, "origin", "machine", "made_ms"),
    Index(None, "patient_id", "made_ms"),
)

# What staff decided for the whole person, for a studio day: hold, half_load, end_visit, swap_station (which
# took `station` out of the circuit, and put `replaced_by` in its place).
preset = Table(
    "preset",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    Column("day", SHORT, nullable=False),
    word("kind"),
    sealed("reason"),
    word("by_id"),
    sealed("by_name"),
    ms("made_ms"),
    ms("ended_ms", nullable=True),
    word("ended_by", nullable=True),
    word("station", nullable=True),
    word("replaced_by", nullable=True),
    Index(None, "patient_id", "day"),
)

# A visit as booked, before and after it happens. `stations`: [{"station", "guided", "minutes"}] in order.
# `state`: planned, came, missed, cancelled.
booking = Table(
    "booking",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    Column("site_id", WORD, ForeignKey("site.id"), nullable=False),
    Column("day", SHORT, nullable=False),
    ms("starts_ms"),
    count("minutes"),
    word("state"),
    Column("stations", JSON, nullable=False),
    count("version"),
    word("made_by"),
    ms("made_ms"),
    ms("changed_ms"),
    Index(None, "site_id", "origin", "day"),
    Index(None, "patient_id", "starts_ms"),
)

# A guided station or a home exercise that was done: once a day counts. `source`: station, home.
tick = Table(
    "tick",
    metadata,
    _patient(),
    Column("origin", SHORT, nullable=False),
    Column("day", SHORT, nullable=False),
    word("source"),
    word("item"),
    ms("at_ms"),
    word("by_id"),
    PrimaryKeyConstraint("patient_id", "origin", "day", "source", "item"),
)

home_exercise = Table(
    "home_exercise",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    word("exercise"),
    count("sets"),
    count("reps"),
    count("hold_ms"),
    count("times_a_week"),
    word("by_id"),
    Column("from_day", SHORT, nullable=False),
    ms("made_ms"),
    ms("ended_ms", nullable=True),
    word("ended_by", nullable=True),
    Index(None, "patient_id", "made_ms"),
)

# `kind`: note, massage (which holds increases for 48 hours).
note = Table(
    "note",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    word("kind"),
    sealed("body"),
    word("by_id"),
    sealed("by_name"),
    ms("at_ms"),
    ms("withdrawn_ms", nullable=True),
    word("withdrawn_by", nullable=True),
    Index(None, "patient_id", "at_ms"),
)

# What a person said away from the machines: the first answer to a question of a day counts.
said = Table(
    "said",
    metadata,
    _patient(),
    Column("origin", SHORT, nullable=False),
    Column("day", SHORT, nullable=False),
    word("question"),
    Column("visit_id", UUID, ForeignKey("visit.id")),
    count("value"),
    ms("at_ms"),
    word("by_id"),
    PrimaryKeyConstraint("patient_id", "origin", "day", "question"),
)

# `answers`: {item: value}. `week`: since the first visit, as asked (0, 6, 12); None = between.
questionnaire = Table(
    "questionnaire",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    word("instrument"),
    count("week", nullable=True),
    Column("answers", JSON, nullable=False),
    figure("score"),
    ms("at_ms"),
    word("by_id"),
    UniqueConstraint("patient_id", "origin", "instrument", "week"),
    Index(None, "patient_id", "at_ms"),
)

# On one leg (`left_s`, `right_s`; the clock ends at `cap_s`), or rising from a chair (`stands`, 30 s).
# `week`: since the first visit, as asked (0, 6, 12); None = between.
functional_test = Table(
    "functional_test",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    word("test"),  # single_leg_stand, chair_stand
    count("week", nullable=True),
    figure("left_s", nullable=True),
    figure("right_s", nullable=True),
    count("cap_s", nullable=True),
    count("stands", nullable=True),
    ms("at_ms"),
    word("by_id"),
    ms("withdrawn_ms", nullable=True),
    word("withdrawn_by", nullable=True),
    Index(None, "patient_id", "at_ms"),
)

# A test for the next session on a kind of machine, until it is done.
test_order = Table(
    "test_order",
    metadata,
    Column("id", UUID, primary_key=True),
    _patient(),
    Column("origin", SHORT, nullable=False),
    word("kind"),
    word("test"),  # mobility, strength
    word("mode"),  # of the finished sets that show it done
    word("by_id"),
    ms("made_ms"),
    ms("ended_ms", nullable=True),
    word("ended_by", nullable=True),
    Index(None, "patient_id", "kind"),
)

# The evening's signature under what the model changed or was refused.
countersign = Table(
    "countersign",
    metadata,
    Column("decision_id", UUID, ForeignKey("decision.id"), primary_key=True),
    _patient(),
    word("by_id"),
    sealed("by_name"),
    ms("at_ms"),
    Index(None, "patient_id"),
)

# Who did what with an alert; `before` is how it stood, so that it can be undone.
alert_act = Table(
    "alert_act",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("alert_id", UUID, ForeignKey("alert.id"), nullable=False, index=True),
    word("act"),
    word("by_id"),
    ms("at_ms"),
    Column("before", JSON, nullable=False),
    Column("undone", Boolean, nullable=False),
)
