"""A clinician comes from the studio's identity provider, and proves it there again to sign a limit."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from identity_provider import CLIENT, SECRET, IdentityProvider, serving
from real_studio import SLOW_MS, stands
from shown_dashboard import dashboard, served
from sqlalchemy import Engine, select
from studio_rows import StudioRows

from openspine.children import free_port
from services.app import create_app
from services.clock import now_ms
from services.keys.demo import PRESCRIBING_FOLDER, open_keys
from services.office import linking
from services.prescribing.app import create_prescriber
from services.prescribing.settings import PrescribingSettings
from services.prescribing.sign import full_envelope, prescribe
from services.settings import Settings
from services.store import staff, tables
from services.store.engine import open_engine, upgrade, writing

pytestmark = pytest.mark.browser
KIND = "lumbar_extension"
NAME = "Studio account"


def furnish(engine: Engine, keys_folder: Path, issuer: str) -> str:
    """Put a patient with signed limits and a linked clinician into a store; returns the patient."""
    keys, studio = open_keys(keys_folder), StudioRows(engine)
    studio.site()
    patient = studio.patient("Chan Mei Ling", code="P01")
    card = {"kind": "badge", "lookup": "b-1", "patient_id": patient, "subject": "0" * 32, "secret": None}
    studio.put(tables.credential, card | {"failures": 0, "locked_until_ms": 0})
    now = now_ms()
    limits = replace(
        full_envelope(KIND, now_ms=now, phase_cap_g=20_000, max_torque_nm=100), max_load_g=20_000
    )
    with writing(engine) as connection:
        prescribe(connection, patient, limits, by="Dr Demo", reason="Painless.", key=keys.envelope)
        wong = staff.add(connection, login="wong", name="Dr Wong Ka Yan", language="en", now_ms=now)
        staff.give_role(connection, wong, "clinician", None)
        person = linking.Person(issuer=issuer, subject="s-1")
        assert linking.link(connection, wong, person, "cli", now, is_vouched=True) is None
    return patient


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tuple[str, str, Engine]]:
    """Run provider, service, signing process and dashboard; yields the dashboard, the patient, the store."""
    url = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    secret = tmp_path / "client-secret"
    secret.touch(0o600)
    secret.write_text(SECRET, encoding="utf-8")
    upgrade(url)
    engine, port, page_port = open_engine(url), free_port(), free_port()
    provider = IdentityProvider(now_ms=now_ms, claims={"amr": ["pwd", "mfa"]})
    with ExitStack() as stack:
        stack.enter_context(serving(provider))
        patient = furnish(engine, tmp_path / "keys", provider.issuer)
        settings = Settings(
            database_url=url,
            keys=tmp_path / "keys",
            demo=True,
            sign_in=True,
            mqtt="none",
            http_port=port,
            dashboard_url=f"http://127.0.0.1:{page_port}",
            oidc_issuer=provider.issuer,
            oidc_name=NAME,
            oidc_client_id=CLIENT,
            oidc_client_secret_file=secret,
            oidc_redirect=f"http://127.0.0.1:{port}/sign-in",
            oidc_amr="mfa",
        )
        signing = PrescribingSettings(
            database_url=url, envelope_keys=tmp_path / "keys" / PRESCRIBING_FOLDER, demo=True
        )
        api = stack.enter_context(served(create_app(settings), port))
        prescriber = stack.enter_context(served(create_prescriber(signing), free_port()))
        yield stack.enter_context(dashboard(api, prescriber, page_port)), patient, engine
    engine.dispose()


def acts(engine: Engine) -> list[str]:
    """List what of staff the audit has, in order."""
    audit = tables.audit.c
    with engine.connect() as connection:
        found = connection.execute(
            select(audit.action).where(audit.action.startswith("staff.")).order_by(audit.id)
        )
        return [row.action for row in found]


def come_in(page: Any, address: str) -> None:
    page.goto(address)
    page.click("#tab-staff")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Studio floor").wait_for()
    stands(page)


def prove_again(page: Any) -> None:
    page.get_by_role("link", name=f"Prove it with {NAME}").click()
    page.get_by_role("button", name=f"Prove it is you with {NAME}").click()
    page.get_by_role("link", name="Prove it again", exact=True).click()


def narrow(page: Any, load_kg: str) -> None:
    page.get_by_text("New limits", exact=True).click()
    load = page.get_by_role("spinbutton", name="Largest load (kg)")
    load.fill(load_kg)
    load.press("Tab")
    page.get_by_text(f"{load_kg}.0 kg").last.wait_for()
    why = page.get_by_role("textbox", name="Reason").first
    why.fill("Back hurts at 20 kg.")
    why.press("Tab")
    page.get_by_role("button", name="Sign", exact=True).click()


def test_one_comes_from_the_provider_and_proves_it_there_again_to_sign_a_limit(
    browser: Any, studio: tuple[str, str, Engine]
) -> None:
    address, patient, engine = studio
    context = browser.new_context(viewport={"width": 1280, "height": 1400}, locale="en-GB")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    come_in(page, address)
    limits = f"{address}/patient?patient={patient}&tab=prescribing&kind={KIND}"
    page.goto(limits)
    page.get_by_text("Version 1: signed by Dr Demo").first.wait_for()
    prove_again(page)
    page.wait_for_url(limits)
    narrow(page, "18")
    page.get_by_text("Version 2: signed by Dr Wong Ka Yan").first.wait_for()
    assert "openspine" not in page.evaluate("document.cookie")
    context.close()
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
    assert acts(engine) == ["staff.link", "staff.sign_in", "staff.step_up"]
