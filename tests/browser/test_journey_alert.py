"""An alert over the real service: pain in a rep, seen, handed on, resolved by the colleague, and audited."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_judge import serious
from real_studio import SLOW_MS, SORE, RealStudio, stands
from scripted_link import at_machine
from sqlalchemy import select

from contract.messages import Event
from services.store import tables

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
WHOSE = "Mr Ho"


@pytest.fixture
def pain(studio: RealStudio) -> None:
    """Let pain be told in the third rep of a set."""
    with at_machine("extension-9", SORE, studio.processes.broker) as (link, plan):
        *reps, _ = link.machine.train(plan.settings[0], reps=3)
        link.send(*reps, link.machine.say(Event(what="pain")))


def hand_on(page: Any, to: str, studio: RealStudio) -> None:
    """Follow the red count to the alert, acknowledge it, and hand it on."""
    page.get_by_role("link", name="1 red not seen").click(timeout=SLOW_MS)
    page.get_by_role("heading", name="Alerts").wait_for(timeout=SLOW_MS)
    stands(page)
    page.get_by_role("button", name="Acknowledge").first.click()
    page.get_by_text(f"Acknowledged: {WHOSE}").wait_for(timeout=SLOW_MS)
    studio.go(page, "/alerts")
    page.get_by_text("Acknowledged by Tam Tin Yau").wait_for(timeout=SLOW_MS)
    assert serious(page) == []
    page.get_by_role("button", name="Resolve or hand on").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name=to).click()
    dialog.get_by_role("button", name="Hand on", exact=True).click()
    page.get_by_text(f"Handed on: {WHOSE}").wait_for(timeout=SLOW_MS)


def resolve(page: Any) -> None:
    """Find what was handed to oneself and resolve it."""
    page.get_by_text("Handed to me").click()
    page.get_by_text("With Lee Chi Wai").wait_for(timeout=SLOW_MS)
    page.get_by_role("button", name="Resolve or hand on").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Called", exact=True).click()
    dialog.get_by_role("button", name="Resolve", exact=True).click()
    page.get_by_text(f"Resolved: {WHOSE}").wait_for(timeout=SLOW_MS)


def test_pain_in_a_rep_is_acknowledged_handed_on_and_resolved_and_the_audit_has_it(
    pain: None,  # noqa: ARG001 (it is told before)
    studio: RealStudio,
    guest: Entering,
) -> None:
    hand_on(guest("tin").page, "Lee Chi Wai", studio)
    resolve(guest("chi", "/alerts").page)

    alert, audit = tables.alert.c, tables.audit.c
    his_red = (alert.patient_id == studio.patients[SORE], alert.severity == "red")
    (raised,) = studio.rows(select(alert.id, alert.state).where(*his_red))
    assert raised.state == "resolved"
    written = studio.rows(
        select(audit.action, audit.actor).where(audit.object_id == raised.id).order_by(audit.id)
    )
    assert [row.action for row in written] == ["alert.acknowledge", "alert.assign", "alert.resolve"]
    assert [row.actor == written[0].actor for row in written] == [True, True, False]
    page = guest("lok", f"/audit?thing={raised.id}").page
    page.locator("[data-testid=stDataFrame]").wait_for(timeout=SLOW_MS)
    assert page.get_by_text("No entry matches.").count() == 0
    assert serious(page) == []
