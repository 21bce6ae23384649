"""h02, stale, doubled, reordered and replayed settings: only what is newer than all before may be taken."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from agent_facts import SESSION, STREAM, facts_of, good_setting

from contract.messages import Basis, Setting
from machine_agent import guard
from machine_agent.facts import Facts

MOST_MS = 30_000
REP_EVERY = 3  # every third row is a rep: what was decided before it is stale
OTHER_SESSION = SESSION.replace("1", "2")


@dataclass
class Line:
    """A session on a bad line: rows go up, settings come down late, twice, in any order, from yesterday."""

    chance: Random
    facts: Facts = field(default_factory=facts_of)
    sent: list[Setting] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    seen: dict[int, Setting] = field(default_factory=dict)
    mono_ms: int = 0
    last_rep: int = 0
    taken_stale: int = 0
    taken_fresh: int = 0
    refused_fresh: int = 0

    def happen(self) -> None:
        """A row is recorded and a setting is made of it; both sides have a clock of their own."""
        self.mono_ms += self.chance.choice((20, 500, 5_000, 20_000))
        number = len(self.rows) + 1
        self.rows[number] = self.mono_ms
        if number % REP_EVERY == 0:
            self.last_rep = number
        seq = 3 + len(self.sent)
        made = replace(good_setting(), seq=seq, basis=Basis(stream=STREAM, seq=number))
        self.sent.append(made if self.chance.random() < 0.9 else replace(made, session=OTHER_SESSION))

    def deliver(self) -> None:
        """Some setting of this session or of another arrives, perhaps not for the first time."""
        setting = self.chance.choice(self.sent[-8:])
        newest = max(self.seen, default=2)
        is_fresh = (
            setting.session == SESSION
            and setting.seq > newest
            and setting.basis.seq >= self.last_rep
            and self.mono_ms - self.rows[setting.basis.seq] <= MOST_MS
        )
        known = replace(
            self.facts,
            rows=self.rows,
            seen=self.seen or self.facts.seen,
            last_rep_seq=self.last_rep,
            mono_ms=self.mono_ms,
        )
        verdict = guard.decide(setting, known, verified=True, retained=False)
        is_taken = isinstance(verdict, guard.Accepted) and not verdict.again
        self.taken_stale += is_taken and not is_fresh
        self.taken_fresh += is_taken and is_fresh
        self.refused_fresh += is_fresh and not is_taken
        if is_taken:
            self.seen = {**self.facts.seen, **self.seen, setting.seq: setting}


def deliveries(n: int) -> tuple[int, int, int]:
    """Stale ones taken, fresh ones taken, fresh ones refused, of n deliveries over many short sessions."""
    chance = Random(2)
    stale = fresh = refused = 0
    for first in range(0, n, 50):
        line = Line(chance)
        for _ in range(min(50, n - first)):
            if not line.sent or chance.random() < 0.4:
                line.happen()
            line.deliver()
        stale, fresh, refused = (
            stale + line.taken_stale,
            fresh + line.taken_fresh,
            refused + line.refused_fresh,
        )
    return stale, fresh, refused


def test_h02_of_a_million_deliveries_no_stale_one_is_taken(counted: Callable[[int], int]) -> None:
    stale, fresh, refused = deliveries(counted(1_000_000))
    assert (stale, refused) == (0, 0)
    assert fresh > 0


def test_h02_a_setting_of_yesterdays_session_needs_a_nonce_that_nobody_can_know() -> None:
    facts, setting = facts_of(), good_setting()
    replayed = replace(setting, nonce="f" * 32)
    assert guard.decide(replayed, facts, verified=True, retained=False) == guard.refuse("SESSION_NONCE")


def test_h02_control_without_order_and_age_stale_ones_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_when", lambda *_: None)
    assert deliveries(1_000)[0] > 0
