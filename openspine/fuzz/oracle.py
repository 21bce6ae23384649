"""The safety page said a second time, on purpose: it judges what the guard has accepted.

Nothing of `contract.envelope` or `machine_agent.guard` is called here, and every number is written anew from
the design ("Invariants", "Accepting a setting"); both must agree on every reason, not only on none.
"""

from collections.abc import Callable
from statistics import median_low

from contract.messages import History, Plan, Setting
from machine_agent.facts import Facts, Visit

STEP_G = 100  # one machine step, always allowed inside the absolute caps (invariant 3)
SPAN_CDEG, BEYOND_PEAK_CDEG = 1_000, 550  # 10 deg and 5.5 deg (invariant 2)
REGULAR_SET, CALIBRATING_SET = (10, 2_500), (25, 5_000)  # per cent, grams (invariant 3)
REGULAR_SESSION, CALIBRATING_SESSION, WEEK = 15, 40, 20  # per cent (invariant 3)
REPS_MOST, TRIES_MOST = 30, 3  # invariants 9 and 16
COMMAND_MS, LINK_MS = 30_000, 15_000  # time-outs
STAFF_LOAD, STAFF_RANGE, SPASM_RANGE = 25, 60, 80  # per cent, in a set that only staff open (page 8, calm)
NO_LIMIT_G = 10**9


def reason(setting: Setting, facts: Facts, *, verified: bool, retained: bool) -> str | None:
    """Return what the acceptance list says first about a setting; None means that it may be accepted."""
    if retained:
        return "RETAINED"
    if not verified:
        return "SIGNATURE"
    if is_repeated(setting, facts):
        return None
    return next((name for name, breaks in RULES if breaks(setting, facts)), None)


def is_repeated(setting: Setting, facts: Facts) -> bool:
    """Tell whether the very same setting was accepted before: it is only acknowledged again."""
    return facts.seen.get(setting.seq) == setting


def may_begin(setting: Setting, facts: Facts) -> bool:
    """Tell whether a row may be begun: what is marked for staff only after they have opened it."""
    return setting.opens != "staff" or facts.side.opened


def plan_faults(plan: Plan, visit: Visit, wall_ms: int, *, verified: bool, retained: bool) -> set[str]:
    """Return everything that is wrong with a plan; a plan is taken only when nothing is."""
    found = set()
    if retained:
        found.add("RETAINED")
    if not verified:
        found.add("SIGNATURE")
    if plan.envelope.machine_kind != visit.kind.name:
        found.add("MACHINE")
    if plan.envelope.subject != visit.subject:
        found.add("SUBJECT")
    if not wall_ms < plan.envelope.valid_until_ms:
        found.add("ENVELOPE_VERSION")
    meant_for = {(plan.session, plan.nonce), *((row.session, row.nonce) for row in plan.settings)}
    if meant_for != {(visit.session, visit.nonce)}:
        found.add("SESSION_NONCE")
    if not plan.settings or len({row.set for row in plan.settings}) < len(plan.settings):
        found.add("SCHEMA")
    return found.union(*(_row_faults(row, plan, visit) for row in plan.settings))


def _row_faults(row: Setting, plan: Plan, visit: Visit) -> set[str]:
    past = plan.history.get(row.side, History())
    checks = {
        "UNIT": not is_unit_right(row),
        "LOAD": row.load_g > _ceiling_g(plan, visit)
        or _is_test_unsigned(row, plan)
        or _is_too_heavy_for_staff(row, plan, past),
        "RANGE": not _is_shape_right(row)
        or not _is_within_signed(row, plan, visit)
        or _is_too_wide_for_staff(row, plan, past)
        or row.end_cdeg > _reach_cdeg(row, plan, past, ()),
        "SESSION_CAP": row.load_g > _session_g(plan, past, past.day_start_g),
        "WEEK_CAP": row.load_g > _week_g(plan, past),
    }
    return {name for name, is_broken in checks.items() if is_broken}


def is_unit_right(setting: Setting) -> bool:
    """Whole machine steps, nothing negative, 1 to 30 reps, 1 to 3 tries of a test."""
    most = TRIES_MOST if setting.mode == "isometric" else REPS_MOST
    return setting.load_g >= 0 and setting.load_g % STEP_G == 0 and 1 <= setting.reps <= most


def is_rise(setting: Setting, facts: Facts) -> bool:
    """More load or another end than the side has now, or a test of strength (invariants 4, 6)."""
    now = facts.side.current
    if now is None or setting.mode == "isometric":
        return True
    is_wider = setting.start_cdeg < now.start_cdeg or setting.end_cdeg > now.end_cdeg
    return setting.load_g > now.load_g or is_wider


def _is_foreign(setting: Setting, facts: Facts) -> bool:
    mine = (facts.visit.session, facts.visit.nonce)
    return (setting.session, setting.nonce) != mine or (facts.plan.session, facts.plan.nonce) != mine


def _is_envelope_old(setting: Setting, facts: Facts) -> bool:
    envelope = facts.plan.envelope
    return setting.envelope_version != envelope.version or facts.wall_ms >= envelope.valid_until_ms


def _is_baseless(setting: Setting, facts: Facts) -> bool:
    """Based on no row of this boot and session, or on one from before the last rep."""
    is_mine = setting.basis.stream == facts.stream and setting.basis.seq in facts.rows
    return not is_mine or setting.basis.seq < facts.last_rep_seq


def _is_expired(setting: Setting, facts: Facts) -> bool:
    age_ms = facts.mono_ms - facts.rows[setting.basis.seq]
    return age_ms > setting.ttl_ms or age_ms > COMMAND_MS


def _is_too_heavy(setting: Setting, facts: Facts) -> bool:
    local_g = facts.side.cap.load_g
    is_heavy = _is_too_heavy_for_staff(setting, facts.plan, facts.side.standing.history)
    if is_heavy or _is_test_unsigned(setting, facts.plan):
        return True
    return setting.load_g > _ceiling_g(facts.plan, facts.visit) or (
        local_g is not None and setting.load_g > local_g
    )


def _is_out_of_range(setting: Setting, facts: Facts) -> bool:
    local_cdeg = facts.side.cap.end_cdeg
    if not _is_shape_right(setting) or not _is_within_signed(setting, facts.plan, facts.visit):
        return True
    if local_cdeg is not None and setting.end_cdeg > local_cdeg:
        return True
    standing = facts.side.standing
    if _is_too_wide_for_staff(setting, facts.plan, standing.history):
        return True
    reach_cdeg = _reach_cdeg(setting, facts.plan, standing.history, standing.peaks_cdeg)
    return is_rise(setting, facts) and setting.end_cdeg > reach_cdeg


def _lacks_evidence(setting: Setting, facts: Facts) -> bool:
    known = facts.evidence
    needs = (
        known.link_age_ms <= LINK_MS,
        known.last_rep_clean,
        known.untroubled,
        known.healthy,
        known.gravity_measured,
        not known.assist_locked,
    )
    return is_rise(setting, facts) and not all(needs)


def _is_step_too_large(setting: Setting, facts: Facts) -> bool:
    standing, plan = facts.side.standing, facts.plan
    if not is_rise(setting, facts):
        return False
    if standing.range_cdeg is not None:
        low, high = standing.range_cdeg
        wider_cdeg = max(low - setting.start_cdeg, 0) + max(setting.end_cdeg - high, 0)
        if wider_cdeg > facts.visit.kind.range_step_cdeg:
            return True
    if standing.accepted_g is None:
        return False
    if "calibrating" in plan.flags:
        return not _is_small(setting.load_g, standing.accepted_g, *CALIBRATING_SET)
    is_way_back = "returning" in plan.flags and setting.load_g <= standing.history.last_regular_g
    return not is_way_back and not _is_small(setting.load_g, standing.accepted_g, *REGULAR_SET)


def _is_over_session(setting: Setting, facts: Facts) -> bool:
    standing = facts.side.standing
    most_g = _session_g(facts.plan, standing.history, standing.day_start_g)
    return is_rise(setting, facts) and setting.load_g > most_g


def _is_over_week(setting: Setting, facts: Facts) -> bool:
    return is_rise(setting, facts) and setting.load_g > _week_g(facts.plan, facts.side.standing.history)


def _ceiling_g(plan: Plan, visit: Visit) -> int:
    """Invariant 1."""
    caps_g = [visit.kind.max_load_g, plan.envelope.max_load_g, plan.envelope.phase_cap_g]
    return min([*caps_g, plan.ceiling_g] if "calibrating" in plan.flags else caps_g)


def _is_too_heavy_for_staff(row: Setting, plan: Plan, past: History) -> bool:
    """Tell whether a row for staff is above a quarter of the load cap, or of the usual load."""
    caps_g = (plan.envelope.max_load_g, plan.envelope.phase_cap_g, past.last_regular_g)
    return row.opens == "staff" and any(row.load_g * 100 > cap_g * STAFF_LOAD for cap_g in caps_g)


def _is_too_wide_for_staff(row: Setting, plan: Plan, past: History) -> bool:
    """Tell whether a row for staff ends beyond 60 % of the way, or 80 % of the usual end."""
    if row.opens != "staff":
        return False
    signed = plan.envelope.sides.get(row.side)
    low, high = (signed.lowest_cdeg, signed.highest_cdeg) if signed else (0, 0)
    first = signed.start_highest_cdeg if signed else 0
    way_cdeg = min(high, past.peak_regular_cdeg or first) - low
    is_beyond_usual = past.peak_regular_cdeg > 1 and row.end_cdeg * 100 > past.peak_regular_cdeg * SPASM_RANGE
    return (row.end_cdeg - low) * 100 > way_cdeg * STAFF_RANGE or is_beyond_usual


def _is_out_of_place(setting: Setting, facts: Facts) -> bool:
    """Tell whether no such set is to come: side, mode and whether it is for staff stand in the plan."""
    marks = [row.opens == "staff" for row in facts.plan.settings if row.set == setting.set]
    is_due = facts.upcoming.get(setting.set) == (setting.side, setting.mode)
    return not is_due or (setting.opens == "staff") != any(marks)


def _is_shape_right(setting: Setting) -> bool:
    span_cdeg = setting.end_cdeg - setting.start_cdeg
    if setting.mode == "isometric":  # the drive is locked at one angle (invariant 16)
        return span_cdeg == 0 and setting.load_g == 0
    if setting.mode == "mobility":
        return span_cdeg >= 0 and setting.load_g == 0
    return span_cdeg >= SPAN_CDEG


def _is_test_unsigned(setting: Setting, plan: Plan) -> bool:
    """Tell whether a test of strength has no signed largest torque: what is not set is 0."""
    return setting.mode == "isometric" and plan.envelope.max_torque_nm == 0


def _is_within_signed(setting: Setting, plan: Plan, visit: Visit) -> bool:
    low, high = visit.kind.limit_cdeg
    signed = plan.envelope.sides.get(setting.side)
    if signed is None:
        return setting.start_cdeg >= 0 >= setting.end_cdeg
    is_above = setting.start_cdeg >= low and setting.start_cdeg >= signed.lowest_cdeg
    return is_above and setting.end_cdeg <= high and setting.end_cdeg <= signed.highest_cdeg


def _reach_cdeg(setting: Setting, plan: Plan, past: History, peaks_cdeg: tuple[int, ...]) -> int:
    """Invariant 2: what was shown and 5.5 deg; of two peaks the lower is the median (inward)."""
    shown = [median_low(peaks_cdeg[-3:])] if peaks_cdeg else []
    shown += [past.peak_cdeg] if past.peak_cdeg else []
    if shown:
        return max(shown) + BEYOND_PEAK_CDEG
    signed = plan.envelope.sides.get(setting.side)
    return signed.start_highest_cdeg if signed else 0


def _session_g(plan: Plan, past: History, day_start_g: int) -> int:
    if day_start_g == 0:
        return NO_LIMIT_G
    percent = CALIBRATING_SESSION if "calibrating" in plan.flags else REGULAR_SESSION
    return _way_back(plan, past, _most_g(day_start_g, percent))


def _week_g(plan: Plan, past: History) -> int:
    if "calibrating" in plan.flags:
        return NO_LIMIT_G
    return _way_back(plan, past, _most_g(past.median3_g, WEEK))


def _way_back(plan: Plan, past: History, cap_g: int) -> int:
    return max(cap_g, past.last_regular_g) if "returning" in plan.flags else cap_g


def _most_g(load_g: int, percent: int) -> int:
    return max(load_g + STEP_G, load_g * (100 + percent) // 100)


def _is_small(load_g: int, from_g: int, percent: int, most_g: int) -> bool:
    up_g = load_g - from_g
    return up_g <= STEP_G or (up_g <= most_g and up_g * 100 <= from_g * percent)


Rule = tuple[str, Callable[[Setting, Facts], bool]]
AMOUNT: tuple[Rule, ...] = (
    ("LOAD", _is_too_heavy),
    ("RANGE", _is_out_of_range),
    ("EVIDENCE", _lacks_evidence),
    ("STEP", _is_step_too_large),
    ("SESSION_CAP", _is_over_session),
    ("WEEK_CAP", _is_over_week),
)
RULES: tuple[Rule, ...] = (
    ("MACHINE", lambda _, facts: facts.plan.envelope.machine_kind != facts.visit.kind.name),
    ("SUBJECT", lambda _, facts: facts.plan.envelope.subject != facts.visit.subject),
    ("SESSION_NONCE", _is_foreign),
    ("UNIT", lambda setting, _: not is_unit_right(setting)),
    ("ENVELOPE_VERSION", _is_envelope_old),
    ("SEQ", lambda setting, facts: any(setting.seq <= seq for seq in facts.seen)),
    ("HELD", lambda setting, facts: setting.seq <= facts.hold_seq),
    ("BASIS", _is_baseless),
    ("EXPIRED", _is_expired),
    ("STATE", _is_out_of_place),
    *AMOUNT,
)
