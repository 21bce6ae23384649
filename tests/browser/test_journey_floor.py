"""The floor over the real service: an emulated machine moves and is stopped; staff choose the next set."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from axe_judge import serious
from real_studio import ALIVE, HEAVY, SLOW_MS, TWELVE, RealStudio, machine_of
from scripted_link import alive, at_machine
from sqlalchemy import select

from contract.messages import Event, Setting
from services.store import tables

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
INK = "canvas => canvas.toDataURL()"


def test_a_machine_moves_and_a_stop_with_its_reason_reaches_it(
    studio: RealStudio,
    trains: None,  # noqa: ARG001 (people train meanwhile)
    guest: Entering,
) -> None:
    page = guest("wing").page
    page.locator(".floor[data-state=live]").wait_for(timeout=SLOW_MS)
    tile = page.locator(".tile", has=page.get_by_role("link", name="Mr Cheung"))
    tile.get_by_text(re.compile(r"rep [1-9]\d* of")).wait_for(timeout=2 * SLOW_MS)
    canvas, seen = tile.locator(".spark canvas"), set()
    for _ in range(10):
        seen.add(canvas.evaluate(INK))
        page.wait_for_timeout(200)
    assert len(seen) > 2
    machine = tile.get_attribute("data-machine")
    assert serious(page) == []

    tile.get_by_role("button", name="Stop").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Looks unsafe").click()
    dialog.get_by_text("The machine has obeyed.").wait_for(timeout=SLOW_MS)
    order, session = tables.staff_order, tables.session.c
    (given,) = studio.rows(select(order).where(order.c.machine == machine))
    assert (given.reason, given.by_name) == ("Looks unsafe", "Ho Wing Yan")
    (whose,) = studio.rows(select(session.patient_id).where(session.id == given.session_id))
    assert whose.patient_id == studio.patients[ALIVE]
    dialog.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back.").wait_for(timeout=SLOW_MS)


def test_staff_choose_the_next_set_and_the_ledger_says_who_decided(
    studio: RealStudio, guest: Entering
) -> None:
    with at_machine("extension-8", HEAVY, studio.processes.broker) as (link, plan):
        machine, (looking, warming_up, *_) = link.machine, plan.settings
        link.send(*machine.train(looking), *machine.train(warming_up))
        page = guest("may").page
        tile = page.locator(".tile[data-machine=extension-8]")
        tile.get_by_role("button", name="More").click(timeout=SLOW_MS)
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("10 % lighter").wait_for(timeout=SLOW_MS)
        assert serious(page, within="[role=dialog]") == []
        dialog.get_by_role("button", name="Too hard").first.click()
        said = dialog.get_by_text(re.compile(r"From set \d+ on: [\d.]+ kg"))
        said.wait_for(timeout=SLOW_MS)
        (load_kg,) = map(float, re.findall(r"([\d.]+) kg", said.inner_text()))
        setting = link.take(Setting, lambda one: one.load_g == round(load_kg * 1_000))
        assert (setting.set, setting.mode) == (warming_up.set + 1, "train")
        link.send(*machine.train(setting))

        studio.go(page, f"/patient?patient={studio.patients[HEAVY]}&tab=adjustments&state=applied")
        page.get_by_text(re.compile("Decided by Staff")).wait_for(timeout=SLOW_MS)
        page.locator("strong:visible", has_text=f"{load_kg:.1f} kg").first.wait_for(timeout=SLOW_MS)
        assert serious(page) == []


def test_twelve_machines_are_counted_on_the_strip_as_they_are(studio: RealStudio, guest: Entering) -> None:
    with ExitStack() as room:
        links = [
            room.enter_context(at_machine(machine_of(code), code, studio.processes.broker))[0]
            for code in TWELVE
        ]
        sore, failed, stopped, waits = links[:4]
        sore.send(sore.machine.say(Event(what="pain")))
        for link, state in ((failed, "fault"), (stopped, "estop"), (waits, "paused")):
            link.send(alive(link.machine, state))
        page = guest("kit").page
        strip = page.locator(".strip button")
        page.locator(".strip button", has_text="8 fine").wait_for(timeout=SLOW_MS)
        told = [words.strip() for words in strip.all_inner_texts()]
        assert told == ["3 red", "1 amber", "8 fine", "0 idle"]
        strip.first.click()
        page.wait_for_url(re.compile("light=red"))
        shown = {tile.get_attribute("data-machine") for tile in page.locator(".tile:visible").all()}
        assert shown == {link.machine.machine for link in (sore, failed, stopped)}
