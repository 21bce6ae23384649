"""The judge of clock-free freshness: no setting is applied that was too old, or overtaken, when it came."""

from contract.messages import Message, Plan, Receipt, Rep, Setting
from machine_agent.agent import DownMessage
from machine_agent.clock import Now
from openspine.simulation.trace import Trace

OLDEST_MS = 30_000  # protocol page, "Clock-free freshness"


class Freshness:
    """Sees what one life of an agent says and hears."""

    def __init__(self, stream: str, trace: Trace) -> None:
        self._stream, self._trace = stream, trace
        self._said_ms: dict[int, int] = {}  # rows of this boot
        self._last_rep = 0
        self._fresh: set[str] = set()
        self._highest: dict[str, int] = {}  # command number heard, by session

    def row(self, message: Message, now: Now) -> None:
        """See a row; a receipt must name a setting that was fresh at one of its comings."""
        head, body = message.head, message.body
        self._said_ms[head.seq] = now.mono_ms
        if isinstance(body, Rep):
            self._last_rep = head.seq
        is_applied = isinstance(body, Receipt) and body.result == "applied" and body.setting is not None
        if is_applied and isinstance(body, Receipt) and body.setting not in self._fresh:
            self._trace.break_("stale_setting", f"{head.machine} applied {body.setting}")

    def hear(self, message: DownMessage, now: Now) -> None:
        """See what came."""
        body = message.body
        if isinstance(body, Plan):
            self._fresh.update(one.id for one in body.settings)
            numbers = (one.seq for one in body.settings)
            self._highest[body.session] = max(numbers, default=self._highest.get(body.session, 0))
        elif isinstance(body, Setting) and not message.retained and self._is_fresh(body, now):
            self._fresh.add(body.id)
            self._highest[body.session] = body.seq

    def _is_fresh(self, setting: Setting, now: Now) -> bool:
        said_ms = self._said_ms.get(setting.basis.seq)
        if said_ms is None or setting.basis.stream != self._stream:
            return False
        is_newest = setting.seq > self._highest.get(setting.session, 0)
        is_young = now.mono_ms - said_ms <= min(setting.ttl_ms, OLDEST_MS)
        return is_newest and is_young and self._last_rep <= setting.basis.seq
