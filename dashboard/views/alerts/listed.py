"""Which alerts are listed, in which order, and what is said of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.api.alerts import Alert, Group
from dashboard.format import Formatter, plain

SEVERAL = "several"  # a group of what had to wait: different troubles
SEVERITIES: dict[str, tuple[str, str, str]] = {  # word, colour, sign: never colour alone
    "red": ("Red", "red", ":material/error:"),
    "amber": ("Amber", "orange", ":material/warning:"),
    "info": ("For information", "blue", ":material/info:"),
}
SHOWN: dict[str, tuple[str, dict[str, str]]] = {  # what one can choose, and what the service is asked for
    "unresolved": ("To do", {}),
    "open": ("Not seen", {"state": "open"}),
    "acknowledged": ("Acknowledged", {"state": "acknowledged"}),
    "resolved": ("Resolved", {"state": "resolved"}),
    "muted": ("Muted", {"muted": "true"}),
}
STATES = {"open": "Not seen", "acknowledged": "Acknowledged", "resolved": "Resolved"}
WHYS = {  # in which word an alert is resolved
    "settled": "Settled",
    "seen": "Seen by staff",
    "called": "Called",
    "repaired": "Machine seen to",
    "mistaken": "False alarm",
}
BY_ITSELF = {
    "next_visit": "Overtaken by the next visit",
    "machine_in_use": "Machine in use again",
    "model_in_use": "Model in use again",
    "cause_gone": "Cause is gone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the viewer wants to see."""

    shown: str = "unresolved"
    severity: str | None = None
    owner: str | None = None
    patient: str | None = None
    alert: str | None = None

    def filters(self) -> dict[str, str]:
        """Say it as the service is asked."""
        narrowed = {"severity": self.severity, "assigned_to": self.owner}
        narrowed |= {"patient": self.patient, "alert": self.alert}
        return SHOWN[self.shown][1] | {name: value for name, value in narrowed.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The same trouble of the same person or machine, the newest alert first."""

    alerts: tuple[Alert, ...]

    @property
    def newest(self) -> Alert:
        """Take the alert that speaks for all."""
        return self.alerts[0]

    def in_state(self, *states: str) -> tuple[str, ...]:
        """List the ids of the alerts in some states."""
        return tuple(alert.id for alert in self.alerts if alert.state in states)


def entries(groups: Sequence[Group]) -> list[Entry]:
    """Make one entry of each trouble, red first, then the newest."""
    found: list[Entry] = []
    for group in groups:
        if group.code == SEVERAL:
            found += [Entry(alerts=(alert,)) for alert in group.alerts]
        elif group.alerts:
            found.append(Entry(alerts=group.alerts))
    found.sort(key=lambda entry: entry.newest.raised_at, reverse=True)
    return sorted(found, key=lambda entry: rank(entry.newest.severity))


def rank(severity: str) -> int:
    """Order severities; one that is not known comes last."""
    return list(SEVERITIES).index(severity) if severity in SEVERITIES else len(SEVERITIES)


def unseen_reds(listed: Sequence[Entry]) -> int:
    """Count the red alerts of a list that nobody has acknowledged."""
    found = (alert for entry in listed for alert in entry.alerts)
    return sum(alert.severity == "red" and alert.state == "open" for alert in found)


def when(entry: Entry, show: Formatter) -> str:
    """Say when it was raised, and how often."""
    newest, oldest = entry.alerts[0].raised_at, entry.alerts[-1].raised_at
    if len(entry.alerts) == 1:
        return show.moment(newest)
    return show.say(
        "{count} times, last {last}, since {first}",
        count=len(entry.alerts),
        last=show.clock(newest),
        first=show.moment(oldest),
    )


def whose(alert: Alert, show: Formatter) -> str:
    """Name the person or else the machine; neither: the studio as a whole."""
    if alert.patient is not None:
        return alert.patient.name
    return alert.machine_name or alert.machine or show.say("Studio")


def course(alert: Alert, show: Formatter) -> str:
    """Say who is on it, until when it is muted, and how it ended."""
    parts = []
    if alert.assigned_to is not None:
        parts.append(show.say("With {who}", who=plain(alert.assigned_to.name)))
    if alert.handled_by is not None and alert.state == "acknowledged":
        parts.append(show.say("Acknowledged by {who}", who=plain(alert.handled_by.name)))
    if alert.muted_until is not None:
        parts.append(show.say("Muted until {moment}", moment=show.moment(alert.muted_until)))
    if alert.state == "resolved":
        parts.append(f"{ending(alert, show)} · {show.moment(alert.resolved_at)}")
        if alert.handled_by is not None:
            parts.append(plain(alert.handled_by.name))
    return " · ".join(parts)


def ending(alert: Alert, show: Formatter) -> str:
    """Say in a word how an alert ended."""
    known = {**WHYS, **BY_ITSELF}
    return show.say(known.get(alert.resolved_why or "", "Resolved"))
