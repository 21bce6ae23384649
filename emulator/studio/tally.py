"""What a machine did, counted where it happened: rows on disk, settings and receipts, real round trips."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from contract.messages import Message, Plan, Receipt, Rep, SetEnd, Setting, SignOut
from machine_agent.agent import DownMessage

Seconds = Callable[[], float]


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of one machine; `seconds` is a real monotonic clock."""

    seconds: Seconds
    reps: list[tuple[str, int]] = field(default_factory=list)  # stream, seq
    ranges_deg: list[tuple[float, float]] = field(default_factory=list)  # start and end of each rep, deg
    sessions: int = 0
    sets: int = 0
    settings_sent: int = 0
    receipts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    changed: int = 0  # applied settings that differ from the plan's row
    changed_range: int = 0
    round_trips_ms: list[float] = field(default_factory=list)
    _planned: dict[tuple[str, int], Setting] = field(default_factory=dict)
    _settings: dict[str, Setting] = field(default_factory=dict)
    _asked_at: dict[str, tuple[int, float]] = field(default_factory=dict)  # session -> seq, seconds

    def recorded(self, message: Message) -> None:
        """Count a row that is on disk."""
        body, head = message.body, message.head
        match body:
            case Rep():
                self.reps.append((head.stream, head.seq))
                self.ranges_deg.append((round(body.start_deg, 2), round(body.end_deg, 2)))
            case SetEnd():
                self.sets += 1
                self._asked_at[head.session or ""] = (head.seq, self.seconds())
            case SignOut():
                self.sessions += 1
                self._asked_at.pop(head.session or "", None)
            case Receipt():
                self._receipt(body)
            case _:
                pass

    def heard(self, message: DownMessage) -> None:
        """Count what the service said."""
        body = message.body
        if isinstance(body, Plan):
            for row in body.settings:
                self._planned[(body.session, row.set)] = row
        elif isinstance(body, Setting):
            self.settings_sent += 1
            self._settings[body.id] = body
            asked = self._asked_at.get(body.session)
            if asked is not None and body.basis.seq >= asked[0]:
                self.round_trips_ms.append((self.seconds() - asked[1]) * 1_000)
                del self._asked_at[body.session]

    def _receipt(self, receipt: Receipt) -> None:
        self.receipts[receipt.result] += 1
        if receipt.reason is not None:
            self.reasons[receipt.reason] += 1
        setting = self._settings.get(receipt.setting or "")
        if receipt.result != "applied" or setting is None:
            return
        planned = self._planned.get((setting.session, setting.set))
        if planned is None:
            return
        self.changed += _dose(setting) != _dose(planned)
        self.changed_range += _range(setting) != _range(planned)


def _range(row: Setting) -> tuple[int, int]:
    return row.start_cdeg, row.end_cdeg


def _dose(row: Setting) -> tuple[object, ...]:
    return row.load_g, _range(row), row.reps, row.work_ms, row.tempo_ms


def percentile(values: list[float], share: float) -> float | None:
    """Give the value below which this share of the values lies; None of nothing."""
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2) if ordered else None
