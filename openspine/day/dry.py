"""A day at rep level: the same hall and staff, coaching in this process, no agent and no broker."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Engine

from contract.machines import MachineKind, catalogue
from contract.messages import Down, Event, Message, Rep, SetEnd
from emulator.day.record import Diary
from emulator.people.condition import Session
from emulator.people.members import Member
from emulator.rep_level.stream import Stream
from emulator.rep_level.visit import Talk, session
from openspine.coached import coached
from openspine.day.alerts import Inbox
from openspine.day.director import Director, Gone
from openspine.day.run import Began, Day, OnProgress, finished, make_director, progress, settings_by_result
from openspine.day.studio import Asked, Opened, open_studio
from openspine.demo.check import compare, stored
from services.coaching import Desk
from services.desk import open_desk
from services.settings import Settings
from services.store.engine import open_engine, writing

Exchange = Callable[[Sequence[Message]], Sequence[Down]]
STOPS = ("pain", "unwell")  # events after which the machine waits for staff


class RepPlace:
    """One machine at rep level: a set's rows are said when its last one is due."""

    def __init__(self, kind: MachineKind, stream: Stream, diary: Diary, opens_ms: int) -> None:
        self._kind, self._stream, self._diary, self._opens_ms = kind, stream, diary, opens_ms
        self._talk: Talk | None = None
        self._said: list[Message] = []
        self._is_over = self._is_stopped = False
        self._session: Session | None = None
        self._gone: Gone | None = None
        self._sets = self._reps = self._load_g = 0
        self.counted: list[tuple[str, str, int]] = []

    @property
    def waits_for_staff(self) -> bool:
        """Tell whether a person has stopped the machine."""
        return self._is_over and self._is_stopped

    @property
    def due_ms(self) -> int | None:
        """Say when the next rows are said (ms since opening)."""
        return None if self._talk is None else self._stream.wall_ms - self._opens_ms

    def begin(self, member: Member, now_ms: int) -> None:
        """Let a person sit down."""
        self._stream.not_before(self._opens_ms + now_ms)
        chance = np.random.default_rng(
            [member.person.seed, int(member.condition.day), *self._kind.name.encode()]
        )
        self._sets = self._reps = self._load_g = 0
        self._is_over = self._is_stopped = False
        self._talk = session(member, self._kind, self._stream, chance, with_curves=False)
        self._said = next(self._talk)

    def gone(self) -> Gone | None:
        """Return, once, what the person who has got up leaves behind."""
        if not self._is_over or self._is_stopped:
            return None
        self._is_over = False
        return Gone(session=self._session, sets=self._sets, reps=self._reps, load_kg=self._load_g / 1_000)

    def clear(self, now_ms: int) -> None:
        """Let staff unlock the machine."""
        self._is_stopped = False
        self._stream.not_before(self._opens_ms + now_ms)

    def say(self, exchange: Exchange) -> None:
        """Say the rows that are due, hear the answers, and go on."""
        if self._talk is None:
            return
        downs = exchange(self._said)
        for row in self._said:
            self._note(row)
        for down in downs:
            self._diary.answer(self._stream.machine, down)
        try:
            self._said = self._talk.send(downs)
        except StopIteration as over:
            self._talk, self._session, self._is_over = None, over.value, True

    def _note(self, row: Message) -> None:
        body = row.body
        self._diary.row(self._stream.machine, row, row.head.wall_ms - self._opens_ms)
        self._sets += isinstance(body, SetEnd)
        self._is_stopped |= isinstance(body, Event) and body.what in STOPS
        if isinstance(body, Rep):
            self._reps += 1
            self._load_g = max(self._load_g, body.load_g)
            self.counted.append((row.head.machine, row.head.stream, row.head.seq))


def run_dry(asked: Asked, on_progress: OnProgress) -> Day:
    """Run a day without a network, in seconds."""
    with TemporaryDirectory(prefix="openspine-day-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'openspine.sqlite'}"
        opened, keys = open_studio(asked, url, folder / "keys")
        settings = Settings(database_url=url, keys=folder / "keys", demo=True)
        engine = open_engine(url)
        try:
            return _run(asked, opened, engine, open_desk(settings, keys.command, keys.site), on_progress)
        finally:
            engine.dispose()


def _run(asked: Asked, opened: Opened, engine: Engine, desk: Desk, on_progress: OnProgress) -> Day:
    began, diary, now_ms = Began(), Diary(), 0
    places = _places(asked, opened, diary)
    inbox = Inbox(engine, opened.opens_ms, lambda: diary.asks)
    director = make_director(asked, opened, places, inbox.new)

    def exchange(rows: Sequence[Message]) -> Sequence[Down]:
        with writing(engine) as connection:
            return coached(rows, connection, desk)

    while not director.is_over(now_ms):
        for name in sorted(places):
            due_ms = places[name].due_ms
            if due_ms is not None and due_ms <= now_ms:
                places[name].say(exchange)
        director.at(now_ms)
        on_progress(progress(now_ms, director, diary))
        now_ms = max(now_ms + 1, _next_ms(director, places, now_ms))
    counted = [one for place in places.values() for one in place.counted]
    with engine.connect() as connection:
        balance = compare(counted, stored(connection, {stream for _, stream, _ in counted}))
        settings = settings_by_result(connection, opened.opens_ms)
    return finished(asked, opened, director, diary, (balance, settings, now_ms, began))


def _places(asked: Asked, opened: Opened, diary: Diary) -> dict[str, RepPlace]:
    places = {}
    for name, kind in opened.machines.items():
        stream = Stream(name, asked.seed)
        stream.switch_on(opened.opens_ms)
        places[name] = RepPlace(catalogue()[kind], stream, diary, opened.opens_ms)
    return places


def _next_ms(director: Director, places: dict[str, RepPlace], now_ms: int) -> int:
    """Jump to what comes next; a moment later when nothing is known to come."""
    due = [director.next_ms(now_ms), *(one.due_ms for one in places.values())]
    return min((ms for ms in due if ms is not None), default=now_ms)
