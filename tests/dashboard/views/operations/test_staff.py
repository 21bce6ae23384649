from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from fake_service.operations import CHAN, INVITATION, WONG
from streamlit.testing.v1 import AppTest

from dashboard.api.staff import StaffPage, list_staff
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.operations.staff import places, state, ways_in

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


@pytest.fixture
def admin(open_page: OpenPage, fake_api: FakeApi) -> AppTest:
    """The page of an admin who has proven who they are and wants to change somebody."""
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("staff", role="admin")
    return app.toggle(key="change-staff").set_value(True).run()


def test_an_account_says_how_it_stands(client: Client) -> None:
    answer = list_staff(client)
    assert isinstance(answer, StaffPage)
    assert [state(member)[0] for member in answer.items] == [
        "Active",
        "A clinician has to confirm",
        "Signs in no more",
    ]


def test_who_confirms_an_account_sees_each_way_to_sign_in(client: Client) -> None:
    answer = list_staff(client)
    assert isinstance(answer, StaffPage)
    ways = [
        ways_in(replace(answer.items[0], has_signed_up=has_signed_up, linked=linked))
        for has_signed_up in (True, False)
        for linked in (True, False)
    ]
    assert ways == [
        "signs in by passphrase and at the identity provider",
        "signs in by passphrase",
        "signs in at the identity provider",
        "no way to sign in yet",
    ]


def test_a_role_says_where_it_holds(show: Formatter) -> None:
    assert places(None, {}, show) == "every site"
    assert places(["kowloon", "central"], {"kowloon": "Kowloon"}, show) == "Kowloon, central"
    assert places([], {}, show) == "no site"


def test_an_admin_looks_without_a_proof_and_changes_with_one(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("staff", role="admin")
    assert not any(str(one.key).startswith("disable-") for one in app.button)
    app.toggle(key="change-staff").set_value(True).run()
    assert "proof-words-staff" in {one.key for one in app.text_input}
    assert fake_api.orders == []


def test_an_admin_shuts_an_account(admin: AppTest, fake_api: FakeApi) -> None:
    admin.button(key=f"disable-{WONG}").click().run()
    assert fake_api.orders == [("POST", f"/v1/staff/{WONG}/disable", None)]
    assert "The account is shut." in str(admin.toast[0].value)


def test_an_invitation_is_shown_once(admin: AppTest, fake_api: FakeApi) -> None:
    admin.text_input(key="invite-name").input("Lam Sau Fong")
    admin.text_input(key="invite-login").input("sau.fong")
    admin.selectbox(key="role-of-new").set_value("clinician")
    admin.multiselect(key="sites-of-new").set_value(["central"])
    next(one for one in admin.button if one.label == "Invite").click().run()
    who = {"login": "sau.fong", "name": "Lam Sau Fong", "language": "en", "role": "clinician"}
    assert fake_api.orders == [("POST", "/v1/staff", who | {"sites": ["central"]})]
    assert admin.code[0].value == INVITATION


def test_no_site_chosen_is_every_site(admin: AppTest, fake_api: FakeApi) -> None:
    admin.multiselect(key=f"sites-of-{CHAN}").set_value([])
    wanted = [one for one in admin.button if one.label == "Give this role"]
    wanted[1 if wanted[0].form_id.endswith(WONG) else 0].click().run()
    method, path, body = fake_api.orders[0]
    assert (method, path.endswith("/role"), body["sites"]) == ("PUT", True, None)


def test_a_clinician_confirms_who_was_let_into_care(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("staff", role="clinician")
    assert "Chan Tai Man" in texts(app)
    assert "Old Hand" not in texts(app)
    app.button(key=f"confirm-{CHAN}").click().run()
    assert fake_api.orders == [("POST", f"/v1/staff/{CHAN}/confirm", None)]


def test_an_auditor_only_looks(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("staff", role="auditor")
    assert "Dr Wong Ka Yan" in texts(app)
    assert [one.key for one in app.button] == ["sign-out"]
