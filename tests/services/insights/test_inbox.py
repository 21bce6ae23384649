from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.insights.floor import is_sounding
from services.insights.inbox import ANNOUNCED_MOST, HOUR_MS, SEVERAL, inbox

MINUTE_MS = 60_000


def an_alert(number: int, at_ms: int, **changes: Any) -> Any:
    row = {
        "id": f"alert-{number:04}",
        "code": "amber",
        "severity": "amber",
        "detail": "",
        "state": "open",
        "machine": f"rotation-{number}",
        "machine_name": f"Rotation {number}",
        "patient_id": None,
        "name": None,
        "session_id": None,
        "site_id": "studio",
        "why": None,
        "raised_ms": at_ms,
        "handled_by": None,
        "handled_name": None,
        "assigned_to": None,
        "assigned_name": None,
        "muted_until_ms": None,
        "resolved_ms": None,
        "resolved_why": None,
    }
    return SimpleNamespace(**(row | changes))


def test_the_same_trouble_of_the_same_machine_is_one_announcement() -> None:
    rows = [an_alert(number, number * MINUTE_MS, machine="rotation-1") for number in range(4)]
    (group,) = inbox(rows, HOUR_MS).groups
    assert [alert.id for alert in group.alerts] == ["alert-0003", "alert-0002", "alert-0001", "alert-0000"]


def test_the_seventh_of_an_hour_waits_and_then_comes_with_the_eighth() -> None:
    rows = [an_alert(number, number * MINUTE_MS) for number in range(8)]
    early = inbox(rows, 10 * MINUTE_MS)
    assert (len(early.groups), early.held_back) == (ANNOUNCED_MOST, 2)

    later = inbox(rows, HOUR_MS)
    assert (later.groups[0].code, len(later.groups[0].alerts), later.held_back) == (SEVERAL, 2, 0)
    assert inbox(rows, 10 * MINUTE_MS, whole=True).groups == later.groups


def test_another_site_has_announcements_of_its_own() -> None:
    rows = [an_alert(number, number, site_id=f"site-{number % 2}") for number in range(12)]
    assert inbox(rows, 100).held_back == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 240), st.sampled_from(["red", "amber", "info"]), st.integers(0, 12)),
        max_size=60,
    )
)
def test_no_hour_has_more_than_six_announcements_that_can_wait_and_no_red_one_waits(
    told: list[tuple[int, str, int]],
) -> None:
    rows = [
        an_alert(number, minute * MINUTE_MS, severity=severity, machine=f"rotation-{machine}")
        for number, (minute, severity, machine) in enumerate(told)
    ]
    found = inbox(rows, 1_000 * MINUTE_MS)
    shown = [alert.id for group in found.groups for alert in group.alerts]
    assert sorted(shown) == sorted(row.id for row in rows)
    quiet = sorted(
        round(group.announced_at.timestamp() * 1_000) for group in found.groups if group.severity != "red"
    )
    for at_ms in quiet:
        assert sum(0 <= other - at_ms < HOUR_MS for other in quiet) <= ANNOUNCED_MOST
    for group in found.groups:
        assert group.code != SEVERAL or group.severity != "red"
        for alert in group.alerts:
            is_early = alert.raised_at >= group.announced_at
            assert is_early or alert.severity != "red"


def test_a_red_one_sounds_after_a_minute_until_somebody_acknowledges_it() -> None:
    red = an_alert(1, 0, severity="red")
    assert not is_sounding(red, MINUTE_MS)
    assert is_sounding(red, MINUTE_MS + 1)
    assert not is_sounding(an_alert(1, 0, severity="red", state="acknowledged"), HOUR_MS)
    assert not is_sounding(an_alert(1, 0), HOUR_MS)
    assert inbox([red], HOUR_MS).sounds


def put_slowly(rows: list[Any]) -> list[list[str]]:
    """Group by the words of the rule, each alert against every announcement before it."""
    announced: list[tuple[int, list[Any]]] = []
    for row in sorted(rows, key=lambda row: (row.raised_ms, row.id)):
        same = [
            group
            for at_ms, group in announced
            if (group[0].code, group[0].severity, group[0].machine) == (row.code, row.severity, row.machine)
            and row.raised_ms - at_ms < HOUR_MS
        ]
        if same:
            same[-1].append(row)
        else:
            announced.append((row.raised_ms, [row]))
    return [[row.id for row in group] for _, group in announced]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["pain", "red"]), st.integers(0, 3)), max_size=60)
)
def test_the_same_trouble_within_an_hour_joins_the_newest_announcement_of_it(
    told: list[tuple[int, str, int]],
) -> None:
    rows = [
        an_alert(number, minute * MINUTE_MS, severity="red", code=code, machine=f"rotation-{machine}")
        for number, (minute, code, machine) in enumerate(told)
    ]
    found = [[alert.id for alert in group.alerts] for group in inbox(rows, HOUR_MS).groups]
    assert sorted(map(sorted, found)) == sorted(map(sorted, put_slowly(rows)))
