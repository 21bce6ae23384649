"""Rows through the service's own coaching in this process, answered as over the broker."""

from pathlib import Path

import database_copies
import pytest

from contract.messages import Plan, SignIn
from emulator.rep_level.stream import Stream
from openspine.coached import coached
from openspine.generator.invented import as_enrolled, invented
from services.coaching.enrol import enrol
from services.desk import open_desk
from services.keys.demo import open_keys
from services.settings import Settings
from services.store import people
from services.store.engine import open_engine, writing

NOW_MS = 1_767_600_000_000


def test_a_sign_in_is_answered_and_what_is_refused_is_an_error(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    keys = open_keys(tmp_path / "keys")
    settings = Settings(database_url=url, keys=tmp_path / "keys", demo=True)
    desk = open_desk(settings, keys.command, keys.site)
    [one] = invented(range(1), 1, year=2026, prefix="g")
    stream = Stream("row-1", 1)
    stream.switch_on(NOW_MS)
    name = stream.new_id()
    body = SignIn(nonce=stream.nonce(), machine_kind="row", firmware="f", badge=one.patient.badge)
    with writing(open_engine(url)) as connection:
        people.add_site(connection, {"id": "s", "name": "S", "time_zone": "UTC"})
        enrol(
            connection,
            as_enrolled(one.patient),
            site="s",
            origin="sim",
            site_key=keys.site,
            now_ms=NOW_MS,
        )
        [answer] = coached([stream.record(body, name)], connection, desk)
        assert isinstance(answer, Plan)
        assert (answer.session, answer.settings) == (name, ())  # known, but nobody has signed limits
        stranger = Stream("row-1", 2)
        stranger.switch_on(NOW_MS)
        wrong = SignIn(nonce=stranger.nonce(), machine_kind="leg_press", firmware="f", badge="b")
        with pytest.raises(RuntimeError, match="refused"):
            coached([stranger.record(wrong, stranger.new_id())], connection, desk)
