"""Signing limits: what is a second click, and what is another order."""

from fake_service.api import FakeApi

from dashboard.api.limits import Basis, LimitsHistory, list_limit_versions, restore_limits
from dashboard.client import Client


def test_restoring_another_version_is_another_order(client: Client, fake_api: FakeApi) -> None:
    history = list_limit_versions(client, "p-1", "trunk_rotation")
    assert isinstance(history, LimitsHistory)
    basis = Basis(patient="p-1", kind="trunk_rotation", version=history.items[0].version)
    for version in (2, 3, 3):
        restore_limits(client, basis, version, "As it was")
    assert [body["version"] for _, _, body in fake_api.orders] == [2, 3]
    keys = [sent["idempotency-key"] for sent in fake_api.headers[-2:]]
    assert keys[0] != keys[1]
