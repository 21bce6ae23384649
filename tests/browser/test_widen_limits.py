"""Wider limits need two people: two browsers on the real service and the real process that signs."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shown_dashboard import dashboard, served
from sqlalchemy import Engine
from studio_rows import StudioRows, named

from openspine.children import free_port
from services.access.proof import kept_token
from services.app import create_app
from services.clock import now_ms
from services.keys.demo import PRESCRIBING_FOLDER, open_keys
from services.prescribing.app import create_prescriber
from services.prescribing.settings import PrescribingSettings
from services.prescribing.sign import full_envelope, prescribe
from services.settings import Settings
from services.store import rows, tables
from services.store.engine import open_engine, upgrade, writing

pytestmark = pytest.mark.browser
SLOW_MS = 30_000
HOUR_MS = 3_600_000
KIND = "lumbar_extension"
CLINICIANS = {"wong": "Dr Wong Ka Yan", "lee": "Dr Lee Chi Wai"}


def furnish(engine: Engine, folder: Path) -> str:
    """Put a site, a patient with signed limits, and two clinicians into a store; return the patient."""
    keys, studio = open_keys(folder), StudioRows(engine)
    studio.site()
    patient = studio.patient("Chan Mei Ling", code="P01")
    card = {"kind": "badge", "lookup": "b-1", "patient_id": patient, "subject": "0" * 32, "secret": None}
    studio.put(tables.credential, card | {"failures": 0, "locked_until_ms": 0})
    now = now_ms()
    envelope = full_envelope(KIND, now_ms=now, phase_cap_g=20_000, max_torque_nm=100)
    narrow = replace(envelope, max_load_g=20_000)
    with writing(engine) as connection:
        prescribe(connection, patient, narrow, by="Dr Demo", reason="Painless.", key=keys.envelope)
        for login, name in CLINICIANS.items():
            _sign_in(connection, login, name, now)
    return patient


def _sign_in(connection: Any, login: str, name: str, now: int) -> None:
    person = {"id": named(login), "login": login, "name": name, "language": "en", "step": 0, "active": True}
    has = {"id": named(f"role/{login}"), "staff_id": named(login), "role": "clinician", "site_id": None}
    token = {
        "id": kept_token(f"token-{login}"), "staff_id": named(login), "role": "clinician", "made_ms": now,
        "seen_ms": now, "until_ms": now + HOUR_MS, "stepped_up_until_ms": now + HOUR_MS,
    }  # fmt: skip
    rows.insert_rows(connection, tables.staff_member, [person | {"demo": False, "created_ms": now}])
    rows.insert_rows(connection, tables.staff_role, [has])
    rows.insert_rows(connection, tables.token, [token])


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Run service, signing process and dashboard over one store; yields the dashboard and the patient."""
    folder: Path = tmp_path_factory.mktemp("two-people")
    url = f"sqlite:///{folder / 'openspine.sqlite'}"
    upgrade(url)
    engine = open_engine(url)
    patient = furnish(engine, folder / "keys")
    port = free_port()
    settings = Settings(
        database_url=url, keys=folder / "keys", demo=True, sign_in=True, mqtt="none", http_port=port
    )
    signing = PrescribingSettings(
        database_url=url, envelope_keys=folder / "keys" / PRESCRIBING_FOLDER, demo=True
    )
    with ExitStack() as stack:
        api = stack.enter_context(served(create_app(settings), port))
        prescriber = stack.enter_context(served(create_prescriber(signing), free_port()))
        yield stack.enter_context(dashboard(api, prescriber)), patient
    engine.dispose()


@pytest.fixture
def clinician(browser: Any, studio: tuple[str, str]) -> Iterator[Callable[[str], Any]]:
    """Open the patient's limits in a browser of one's own, signed in as somebody."""
    contexts = []

    def open_as(login: str) -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 1400}, locale="en-GB")
        context.add_cookies([{"name": "openspine", "value": f"token-{login}", "url": studio[0]}])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{studio[0]}/patient?patient={studio[1]}&tab=prescribing&kind={KIND}")
        page.get_by_text("Version 1: signed by Dr Demo").first.wait_for(timeout=SLOW_MS)
        return page

    yield open_as
    for context in contexts:
        context.close()


def fill_in(page: Any, load_kg: str, reason: str) -> None:
    page.get_by_text("New limits", exact=True).click()
    load = page.get_by_role("spinbutton", name="Largest load (kg)")
    load.fill(load_kg)
    load.press("Tab")
    page.get_by_text(f"{load_kg}.0 kg").last.wait_for(timeout=SLOW_MS)
    why = page.get_by_role("textbox", name="Reason").first
    why.fill(reason)
    why.press("Tab")


def test_one_proposes_another_signs_and_a_third_form_is_not_written_over(
    clinician: Callable[[str], Any],
) -> None:
    wong, lee = clinician("wong"), clinician("lee")
    fill_in(wong, "24", "Twenty easy reps.")
    wong.get_by_text("Wider in: Largest load. Another clinician must sign it as well.").wait_for(
        timeout=SLOW_MS
    )
    wong.get_by_role("button", name="Propose to a second person").click()
    wong.get_by_text("You have proposed it: another clinician signs it.").wait_for(timeout=SLOW_MS)
    assert wong.get_by_role("button", name="Sign as the second person").is_disabled()

    fill_in(lee, "18", "Back hurts at 20 kg.")  # on version 1, before anybody has signed
    lee_signs = lee.get_by_role("button", name="Sign", exact=True)
    lee_signs.wait_for(timeout=SLOW_MS)
    second = clinician("lee")
    second.get_by_text("Proposed by Dr Wong Ka Yan").wait_for(timeout=SLOW_MS)
    why = second.get_by_role("textbox", name="Reason").first
    why.fill("Seen together.")
    why.press("Tab")
    second.get_by_role("button", name="Sign as the second person").click()
    signed_by_both = "Version 2: signed by Dr Wong Ka Yan + Dr Lee Chi Wai"
    second.get_by_text(signed_by_both).first.wait_for(timeout=SLOW_MS)

    lee_signs.click()
    lee.get_by_text("Somebody signed meanwhile").first.wait_for(timeout=SLOW_MS)
    wong.reload()
    wong.get_by_text(signed_by_both).first.wait_for(timeout=SLOW_MS)
    assert wong.get_by_role("button", name="Sign as the second person").count() == 0
    wong.get_by_role("cell", name="24.0 kg").first.wait_for(timeout=SLOW_MS)
