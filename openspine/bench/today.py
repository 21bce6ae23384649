"""What goes on in the filled studio now: machines that train, visits that are booked, looks, a challenger."""

from sqlalchemy import Connection, Engine, text

from services.store import tally
from services.store.engine import writing

SHARE_OPEN = 0.6  # of the machines
LOOKS = 300_000  # entries of the audit
SHADOWED_WEEKS = 12


def add(engine: Engine, now_ms: int) -> None:
    """Add it to a store that holds the copies."""
    with writing(engine) as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        _running(connection, now_ms)
        _statuses(connection, now_ms)
        _bookings(connection, now_ms)
        _looks(connection, now_ms)
        _shadow(connection, now_ms)


def _running(connection: Connection, now_ms: int) -> None:
    """Open the newest session of most machines again, half an hour ago."""
    newest = (
        "SELECT DISTINCT ON (origin, machine) id FROM session WHERE patient_id IS NOT NULL "
        "ORDER BY origin, machine, opened_ms DESC"
    )
    found = list(connection.scalars(text(newest)))
    opened = found[: max(int(len(found) * SHARE_OPEN), 1)]
    tally.take_back(connection, opened, ())
    now = {"ids": opened, "now_ms": now_ms - 1_800_000}
    connection.execute(
        text("UPDATE session SET closed_ms = NULL, opened_ms = :now_ms WHERE id = ANY(:ids)"), now
    )


def _statuses(connection: Connection, now_ms: int) -> None:
    connection.execute(
        text(
            "INSERT INTO status (origin, machine, online, boot, state, session_id, spool_rows, firmware, "
            "clock, wall_ms, mono_ms, received_ms, skew_ms) SELECT m.origin, m.id, true, "
            "gen_random_uuid()::text, CASE WHEN s.id IS NULL THEN 'IDLE' ELSE 'WORKING' END, s.id, 0, "
            "'1.0', 'wall', "
            ":now_ms, 1, :now_ms, 0 FROM machine m LEFT JOIN session s ON s.origin = m.origin "
            "AND s.machine = m.id AND s.closed_ms IS NULL AND NOT s.tallied ON CONFLICT DO NOTHING"
        ),
        {"now_ms": now_ms},
    )


def _bookings(connection: Connection, now_ms: int) -> None:
    """Book a visit of today for every tenth person, and one in a week for another tenth."""
    for place, later_days in ((0, 0), (1, 7)):
        connection.execute(
            text(
                "INSERT INTO booking (id, patient_id, origin, site_id, day, starts_ms, minutes, state, "
                "stations, version, made_by, made_ms, changed_ms) SELECT gen_random_uuid()::text, p.id, "
                "p.origin, p.site_id, to_char(to_timestamp((:now_ms + :later) / 1000.0) "
                "AT TIME ZONE 'Asia/Hong_Kong', 'YYYY-MM-DD'), :now_ms + :later + 3600000, 40, 'planned', "
                "'[]', 1, 'bench', :now_ms, :now_ms FROM patient p "
                "WHERE mod(abs(hashtext(p.id)), 10) = :place"
            ),
            {"now_ms": now_ms, "later": later_days * 86_400_000, "place": place},
        )


def _looks(connection: Connection, now_ms: int) -> None:
    """Fill the audit; its chain is not meant to verify."""
    connection.execute(
        text(
            "INSERT INTO audit (id, at_ms, actor, action, object_kind, object_id, detail, key_id, seal) "
            "SELECT (SELECT max(id) FROM audit) + number, :now_ms - (:looks - number) * 60000::bigint, "
            "'bench', 'patient.read', 'patient', md5((number % 10000)::text)::uuid::text, '{}', 'bench', "
            "md5(number::text) "
            "FROM generate_series(1, :looks) AS number"
        ),
        {"now_ms": now_ms, "looks": LOOKS},
    )


def _shadow(connection: Connection, now_ms: int) -> None:
    """Let a challenger have answered whatever was decided in the last weeks."""
    connection.execute(
        text(
            "INSERT INTO shadow (decision_id, policy, model, origin, now_ms, champion_load_g, load_g, "
            "champion_raised, raised, agrees, violations, champion_p_too_hard, p_too_hard) "
            "SELECT id, 'challenger', 'effort-bench', origin, now_ms, 20000, 20500, raised IS NOT NULL, "
            "true, false, 0, 0.05, 0.07 FROM decision WHERE now_ms > :since_ms"
        ),
        {"since_ms": now_ms - SHADOWED_WEEKS * 7 * 86_400_000},
    )
