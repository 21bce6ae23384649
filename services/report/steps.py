"""What was changed, what comes next, and what to do at home, line by line."""

from services.insights.adjustments import Adjustment
from services.insights.dose import Dose
from services.office.exercises import catalogue, names
from services.report.sheet import Line
from services.report.words import Words, whole
from services.store.reading.keyset import Record

MS = 1_000  # milliseconds in a second


def change(one: Adjustment, words: Words) -> Line:
    """Tell what one decision changed, and the reason that the patient was told."""
    return Line(
        head=words.joined(words.short_day(one.at), words.station(one.kind, one.side)),
        body=words.joined(*_changed(one, words)),
        why=words.reason(one.why[0]) if one.why else "",
    )


def dose(one: Dose, words: Words) -> str:
    """Write a dose: 12.5 kg, 12 repetitions."""
    work = (
        words.say("next", "time", count=whole(one.work_s))
        if one.work_s
        else words.say("next", "reps", count=one.reps)
    )
    return words.joined(words.load(one.load_kg), work)


def home(row: Record, words: Words) -> Line:
    """Tell of one exercise at home: how often, and how much."""
    known = catalogue().get(row.exercise)
    if known is not None and known.minutes:
        much = [words.say("home", "minutes", minutes=known.minutes)]
    else:
        much = [words.say("home", "reps", sets=row.sets, reps=row.reps)]
    if row.hold_ms:
        much.append(words.say("home", "hold", seconds=whole(row.hold_ms / MS)))
    english, chinese = names(row.exercise)
    return Line(
        head=english if words.language == "en" else chinese,
        body=words.say("home", "week", times=row.times_a_week),
        why=words.joined(*much),
    )


def _changed(one: Adjustment, words: Words) -> list[str]:
    was, now = one.before, one.after
    if was is None:
        return []
    found = []
    if round(was.load_kg, 1) != round(now.load_kg, 1):
        first, last = words.bare_load(was.load_kg), words.load(now.load_kg)
        found.append(words.say("change", "load", first=first, last=last))
    before_deg, after_deg = whole(was.end_deg - was.start_deg), whole(now.end_deg - now.start_deg)
    if before_deg != after_deg:
        found.append(words.say("change", "movement", first=before_deg, last=after_deg))
    if was.work_s != now.work_s:
        found.append(words.say("change", "time", first=whole(was.work_s), last=whole(now.work_s)))
    elif was.reps != now.reps and not now.work_s:
        found.append(words.say("change", "reps", first=was.reps, last=now.reps))
    return found
