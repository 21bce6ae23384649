"""Ways to break the true agent, one at a time, by the machine's name: all of them run in one process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from contract.messages import Ack, Rep
from machine_agent import link
from machine_agent.agent import live, news, opening, stops, touches, writer
from machine_agent.agent.opening import Cause, Step

SESSION, CUT, PAIN = "session", "cut", "pain"
UNOPENED, HURT = "unopened", "hurt"
SKIPPED_AT = 3  # which rep a broken machine leaves a number before
TOO_MUCH_G = 500


@dataclass(frozen=True, kw_only=True)
class Broken:
    """What is broken, in which acts it shows, and exactly which rules must fail."""

    breaks: Callable[[pytest.MonkeyPatch], None]
    acts: frozenset[str]
    fails: frozenset[str]


def _patch(patch: pytest.MonkeyPatch, owner: Any, name: str, machine: str, other: Callable[..., Any]) -> None:
    """Let one machine do something else: `other(original, *arguments)`; every other machine stays whole."""
    honest = getattr(owner, name)

    def chosen(*arguments: Any, **named: Any) -> Any:
        if _machine_of(arguments[0]) == machine:
            return other(honest, *arguments, **named)
        return honest(*arguments, **named)

    patch.setattr(owner, name, chosen)


def _machine_of(first: Any) -> str:
    settings = getattr(first, "_settings", None)
    station = getattr(first, "station", None) or getattr(first, "_station", None)
    return str(settings.machine if settings is not None else station.machine if station is not None else "")


def _forgets(patch: pytest.MonkeyPatch) -> None:
    """Delete rows as soon as they are sent, as if a PUBACK were enough."""

    async def send(honest: Any, self: Any, client: Any) -> None:
        sent = list(self._window._open)
        await honest(self, client)
        for seq in sorted(set(sent) & set(self._window._flights)):
            self._listener.on_ack(self._window.narrow(Ack(stream=self._window.stream, upto=seq)))

    _patch(patch, link.Link, "_send_rows", "forgets", send)


def _skips(patch: pytest.MonkeyPatch) -> None:
    """Leave out a number."""

    def row(honest: Any, self: Any, body: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(body, Rep) and (body.set, body.rep) == (1, SKIPPED_AT):
            self.next_seq += 1
        return honest(self, body, *rest, **named)

    _patch(patch, writer.Writer, "row", "skips", row)


def _rewrites(patch: pytest.MonkeyPatch) -> None:
    """Send a row again with another time in it."""
    sent: set[bytes] = set()

    def post(honest: Any, self: Any, client: Any, channel: str, payload: bytes, **named: Any) -> None:
        again = payload in sent and channel != "up/status"
        sent.add(payload)
        honest(
            self,
            client,
            channel,
            payload.replace(b'"wall_ms":1', b'"wall_ms":2') if again else payload,
            **named,
        )

    _patch(patch, link.Link, "_post", "rewrites", post)


def _late(patch: pytest.MonkeyPatch) -> None:
    """Take settings of any age."""

    def setting(honest: Any, room: Any, body: Any, *rest: Any) -> None:
        honest(room, replace(body, ttl_ms=30_000), *rest)

    _patch(patch, news, "setting", "late", setting)


def _trusts(patch: pytest.MonkeyPatch) -> None:
    """Believe settings whoever has signed them."""

    def setting(honest: Any, room: Any, body: Any, message: Any, now: Any) -> None:
        honest(room, body, replace(message, verified=True), now)

    _patch(patch, news, "setting", "trusts", setting)


def _deaf(patch: pytest.MonkeyPatch) -> None:
    """Tell of Pain and train on."""

    def stop_for_good(_: Any, room: Any, __: Any, touch: Any, now: Any) -> None:
        room.event(touch.button, "", now)

    _patch(patch, stops, "_stop_for_good", "deaf", stop_for_good)


def _haunted(patch: pytest.MonkeyPatch) -> None:
    """Obey a hold that the broker has kept."""

    def hold(honest: Any, room: Any, body: Any, message: Any, now: Any) -> None:
        honest(room, body, replace(message, retained=False), now)

    _patch(patch, news, "hold", "haunted", hold)


def _stays(patch: pytest.MonkeyPatch) -> None:
    """Leave a session at the broker, in which commands wait."""

    def client(honest: Any, self: Any) -> Any:
        made = honest(self)
        made._clean_start = False
        made._properties.SessionExpiryInterval = 600
        return made

    _patch(patch, link.Link, "_client", "stays", client)


def _silent(patch: pytest.MonkeyPatch) -> None:
    """Say nothing of itself: no will, no status."""

    def client(honest: Any, self: Any) -> Any:
        made = honest(self)
        made._client.will_clear()
        return made

    _patch(patch, link.Link, "_client", "silent", client)
    _patch(patch, link.Link, "say", "silent", lambda *_: None)


def _lies(patch: pytest.MonkeyPatch) -> None:
    """Write receipts of a load that is not on the drive."""

    def receipt(honest: Any, room: Any, told: Any, now: Any) -> None:
        lie = replace(told.applied, load_g=told.applied.load_g + TOO_MUCH_G)
        honest(room, replace(told, applied=lie) if told.result == "applied" and told.setting else told, now)

    _patch(patch, live.Live, "receipt", "lies", receipt)


def _eager(patch: pytest.MonkeyPatch) -> None:
    """Open what is for staff as soon as the trial did not hurt: no PIN is asked for."""
    patch.setitem(opening.TRANSITIONS, (Step.TRIED, Cause.FELT_WELL), Step.OPEN)


def _hardy(patch: pytest.MonkeyPatch) -> None:
    """Take every trial for one that did not hurt."""

    def felt(honest: Any, room: Any, session: Any, _nrs: int, *rest: Any) -> None:
        honest(room, session, 0, *rest)

    _patch(patch, touches, "_felt", "hardy", felt)


def _broken(breaks: Callable[[pytest.MonkeyPatch], None], act: str, *fails: str) -> Broken:
    return Broken(breaks=breaks, acts=frozenset({act}), fails=frozenset(fails))


BROKEN: Mapping[str, Broken] = {
    "forgets": _broken(_forgets, SESSION, "DEL-01"),
    "skips": _broken(_skips, SESSION, "HEAD-02"),
    "rewrites": _broken(_rewrites, SESSION, "HEAD-04"),
    "late": _broken(_late, SESSION, "SET-16"),
    "trusts": _broken(_trusts, SESSION, "SET-01", "SET-02", "SET-03"),
    "deaf": _broken(_deaf, PAIN, "PAIN-02", "PAIN-03"),
    "haunted": _broken(_haunted, CUT, "HOLD-11"),
    # what waits in a session at the broker comes without the retain flag, the retained commands, too
    "stays": _broken(_stays, CUT, "CON-04", "CON-05", "HOLD-11", "LINK-06", "LINK-07"),
    "silent": _broken(_silent, SESSION, "CON-06", "CON-10", "CON-16"),
    "eager": _broken(_eager, UNOPENED, "OPEN-01"),
    "hardy": _broken(_hardy, HURT, "OPEN-03"),
    "lies": _broken(_lies, SESSION, "RCPT-03", "RCPT-04"),
}
