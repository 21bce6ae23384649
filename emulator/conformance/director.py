"""The played service: what it hears goes in, orders come out; no I/O, no clock (s since the kit began)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal

from contract import codec, topics
from contract.messages import Message, Origin, Receipt, SetEnd, SignIn, Status
from contract.topics import COMMAND_EXPIRY_S, Channel
from emulator.conformance.acts import Act
from emulator.conformance.connect import Connect
from emulator.conformance.credentials import Signer
from emulator.conformance.ledger import Ledger
from emulator.conformance.orders import Door, Order, Publish, Tell, Times
from emulator.conformance.performance import Performance, Spoken
from emulator.conformance.transcript import Began, Entry, Heard, Row, Said, Transcript, Wire

FULL_ROWS = 66  # waiting at the machine: more than its window holds
WINDOW = 64
FALSE_ACK_STREAM = "00000000-0000-4000-8000-0000000fa15e"
COMMANDS = ("down/setting", "down/hold")
MEASURED_ACT = "session"  # tells how quick this machine's body time is
CUT_SHARE = 1.5  # of the time that two sets took
AFTERWARDS = Act(name="afterwards", level="basic", answer="nobody")
Silence = Literal["plain", "full", "cut"]  # why no ack is sent
NOBODY = "no agent answered"
LATER_S = 1.0  # after a cut: what the machine must never hear is said


class Director:
    """Plays act after act, one for each sign-in, and writes the transcript."""

    def __init__(
        self, acts: Iterable[Act], machine: str, origin: Origin, signer: Signer, times: Times
    ) -> None:
        self._acts = list(acts)
        self._machine, self._origin, self._signer, self._times = machine, origin, signer, times
        self._ledger = Ledger()
        self._now: Performance | None = None
        self._older: Spoken | None = None
        self._quiet_from_s: float | None = None
        self._gap_from_s: float | None = None
        self._provoked = False
        self._silence: Silence = "plain"
        self._later: list[tuple[float, Callable[[float], list[Order]]]] = []
        self._last_s = self._fresh_s = self._acked_s = self._done_s = 0.0
        self._rows_waiting = 0
        self.entries: list[Entry] = []
        self.is_over = False
        self.problem: str | None = None

    @property
    def act(self) -> str:
        """The act that runs, or ran last; "" before the first."""
        return self._now.act.name if self._now else ""

    def hear(self, channel: Channel, payload: bytes, at_s: float, *, qos: int, retain: bool) -> list[Order]:
        """Take a message of the machine."""
        message = codec.decode_up(topics.name(self._origin, self._machine, channel), payload)
        heard = Heard(
            at_s=at_s,
            act=self.act,
            channel=channel,
            payload=payload,
            qos=qos,
            retain=retain,
            message=message,
        )
        self.entries.append(heard)
        if isinstance(message, Status):
            self._last_s = self._last_s if retain and not message.online else at_s
            self._rows_waiting = message.spool_rows
        if not isinstance(message, Message):
            return self._provoke(at_s)
        self._last_s = at_s
        return self._row(Row(place=0, at_s=at_s, heard=heard, head=message.head, body=message.body), at_s)

    def wire(self, what: str, at_s: float, connect: Connect | None = None) -> None:
        """Take what happened at the kit's door."""
        kind = "connect" if what == "connect" else "lost"
        self.entries.append(Wire(at_s=at_s, act=self.act, what=kind, connect=connect))  # type: ignore[arg-type]

    def tick(self, at_s: float) -> list[Order]:
        """Let time pass."""
        orders: list[Order] = []
        due = [one for one in self._later if one[0] <= at_s]
        self._later = [one for one in self._later if one[0] > at_s]
        for _, act in due:
            orders += act(at_s)
        if self._is_quiet_too_long(at_s):
            orders += self._speak(None, at_s)
        if self._gap_from_s is not None and self._is_gap_over(at_s):
            self._ledger.release()
            self._gap_from_s = None
            orders += self._ack(at_s)
        if self._now is not None and not self._now.is_over and at_s - self._acked_s >= self._times.ack_s:
            orders += self._ack(at_s)
        self._judge_end(at_s)
        return orders

    def stop(self) -> None:
        """End the run by hand; who has not answered by then is not there."""
        if not self.is_over:
            self._finish("stopped by hand" if self._last_s else NOBODY)

    def _row(self, row: Row, at_s: float) -> list[Order]:
        is_new = self._ledger.take(row)
        orders: list[Order] = []
        if is_new:
            self._fresh_s = at_s
            orders += self._begin(row, at_s) if isinstance(row.body, SignIn) else self._follow(row, at_s)
        elif self._ledger.quiet and self._may_speak(row):
            return self._speak(row.head.seq, at_s)
        return [*orders, *self._ack(at_s), *self._provoke(at_s)]

    def _may_speak(self, row: Row) -> bool:
        """Tell whether a row that has come again ends the silence: not before the window is full."""
        is_first = row.head.seq in {one.head.seq for one in self._ledger.unheard}
        return is_first and (self._provoked or self._silence != "full")

    def _begin(self, row: Row, at_s: float) -> list[Order]:
        """Give the next act to whoever signs in; without one, nobody may train any more."""
        act = self._acts.pop(0) if self._acts else AFTERWARDS
        if self._now is not None:
            self._older = self._now.good or self._older
        self._now = Performance(act, row, self._signer, self._older)
        if act is AFTERWARDS:
            return self._say(self._now.opening(), at_s)
        self.entries.append(Began(at_s=at_s, act=act.name, session=row.head.session or ""))
        if act.answer == "rejected":
            self._ledger.reject(row.head.seq)
        if act.is_full:
            self._hush(at_s, "full")
        told: list[Order] = [Tell(text=f"{act.name}: {act.shape.greeting if act.assisted else 'signed in'}")]
        return told + self._say(self._now.opening(), at_s)

    def _follow(self, row: Row, at_s: float) -> list[Order]:
        now = self._now
        if now is None or row.head.session != now.session:
            return []
        said = now.follow(row)
        if now.act.quiet_after is not None and now.is_set_end(row, now.act.quiet_after):
            self._hush(at_s, "plain")
        orders = self._say(said, at_s)
        return orders + self._cut(at_s) if now.is_cut(row) else orders

    def _say(self, spoken: Iterable[Spoken], at_s: float) -> list[Order]:
        return [self._publish(one, at_s) for one in spoken]

    def _publish(self, one: Spoken, at_s: float, *, retain: bool = False) -> Order:
        message = codec.decode_down(topics.name(self._origin, self._machine, one.channel), one.payload)
        said = Said(
            at_s=at_s,
            act=self.act,
            channel=one.channel,
            payload=one.payload,
            label=one.label,
            id=one.id,
            message=None if isinstance(message, codec.Undecodable) else message,
        )
        self.entries.append(said)
        expiry_s = COMMAND_EXPIRY_S if one.channel in COMMANDS else None
        return Publish(channel=one.channel, payload=one.payload, retain=retain, expiry_s=expiry_s)

    def _ack(self, at_s: float) -> list[Order]:
        if self._ledger.quiet or not self._ledger.seen:
            return []
        self._acked_s = at_s
        payload = codec.encode(self._ledger.ack())
        return self._say([Spoken(channel="down/ack", payload=payload, label="ack")], at_s)

    def _hush(self, at_s: float, why: Silence) -> None:
        self._quiet_from_s, self._silence = at_s, why
        self._ledger.hush()

    def _speak(self, resent: int | None, at_s: float) -> list[Order]:
        """End the silence; in the plain session one row is missing and one rejected."""
        self._quiet_from_s, self._provoked = None, False
        self._ledger.speak(resent if self._silence == "plain" else None)
        if self._ledger.missing is not None:
            self._gap_from_s = at_s
        return self._ack(at_s)

    def _provoke(self, at_s: float) -> list[Order]:
        """When the machine's window is full, send acks that must not count."""
        is_due = self._ledger.quiet and self._silence == "full" and not self._provoked
        is_still = at_s - self._fresh_s > self._times.slack_s  # its window may be smaller than ours
        is_full = is_still or len(self._ledger.unheard) >= WINDOW - 1
        if not is_due or self._rows_waiting < FULL_ROWS or not is_full:
            return []
        self._provoked = True
        honest = self._ledger.ack()
        foreign = codec.encode(replace(honest, stream=FALSE_ACK_STREAM))
        strange = codec.encode(honest)[:-1] + b',"conformance":1}'
        return self._say(
            [
                Spoken(channel="down/ack", payload=foreign, label="ack-of-another-stream"),
                Spoken(channel="down/ack", payload=strange, label="ack-with-unknown-field"),
            ],
            at_s,
        )

    def _cut(self, at_s: float) -> list[Order]:
        """Cut the link, say what the machine must never act upon, and let it in again."""
        self._hush(at_s, "cut")
        self.entries.append(Wire(at_s=at_s, act=self.act, what="cut"))
        back_s = at_s + max(self._times.cut_least_s, CUT_SHARE * self._two_sets_s())
        self._later += [(at_s + LATER_S, self._whisper), (back_s, self._restore)]
        return [Tell(text=f"link cut for {back_s - at_s:.0f} s"), Door(is_open=False)]

    def _whisper(self, at_s: float) -> list[Order]:
        if self._now is None:
            return []
        waiting, *retained = self._now.whispers()
        return [
            self._publish(waiting, at_s),
            *(self._publish(one, at_s, retain=True) for one in retained),
        ]

    def _restore(self, at_s: float) -> list[Order]:
        self.entries.append(Wire(at_s=at_s, act=self.act, what="restored"))
        self._quiet_from_s = at_s
        return [Door(is_open=True)]

    def _two_sets_s(self) -> float:
        """Measure how long two sets of the plain session took at this machine (real s)."""
        rows = [
            one for one in Transcript(self.entries, self._machine).firsts if one.heard.act == MEASURED_ACT
        ]
        starts = [one.at_s for one in rows if isinstance(one.body, Receipt) and one.body.result == "applied"]
        ends = [one.at_s for one in rows if isinstance(one.body, SetEnd)]
        return ends[1] - starts[0] if starts and len(ends) > 1 else 0.0

    def _is_quiet_too_long(self, at_s: float) -> bool:
        times = self._times
        if self._quiet_from_s is None or self._later:
            return False
        is_full = self._silence == "full" and self._now is not None and not self._now.is_over
        most_s = times.act_s if is_full else times.retry_first_most_s + times.slack_s
        return at_s - self._quiet_from_s > most_s

    def _is_gap_over(self, at_s: float) -> bool:
        if self._ledger.missing is None:
            return True
        return at_s - (self._gap_from_s or 0.0) > self._times.retry_most_s + self._times.slack_s

    def _judge_end(self, at_s: float) -> None:
        """End the run when everything is done, or nothing happens any more."""
        now, times = self._now, self._times
        if self._last_s == 0.0 and at_s > times.hello_s:
            self._finish(NOBODY)
        elif now is not None and not now.is_over and now.act is not AFTERWARDS:
            if at_s - now.began_s > times.act_s:
                self._finish(f"act {now.act.name!r} did not end within {times.act_s:.0f} s")
        elif self._acts:
            if at_s - self._last_s > times.sign_in_s:
                self._finish(f"nobody signed in for {times.sign_in_s:.0f} s")
        elif self._quiet_from_s is None and self._gap_from_s is None and not self._later:
            self._done_s = self._done_s or at_s
            # A row that was never heard is sent again, and may be the receipt that a rule asks for.
            is_whole = not self._ledger.ack().missing
            patience_s = times.end_s if is_whole else times.retry_most_s + times.slack_s
            if at_s - self._done_s > patience_s:
                self._finish(None)

    def _finish(self, problem: str | None) -> None:
        self.is_over, self.problem = True, problem
