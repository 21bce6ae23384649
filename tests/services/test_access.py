from services.access import Actor, Thing, authorize


def test_whoever_reaches_the_service_may_read() -> None:
    assert authorize(Actor(name="studio", role="studio"), "read", Thing(kind="patient", origin="sim", id="x"))


def test_what_is_not_listed_is_refused() -> None:
    actor = Actor(name="studio", role="studio")
    assert not authorize(actor, "write", Thing(kind="patient", origin="sim"))  # type: ignore[arg-type]


def test_only_a_prescriber_signs_limits() -> None:
    limits = Thing(kind="limits", origin="real", id="x")
    assert authorize(Actor(name="Dr Wong", role="prescriber"), "sign", limits)
    assert not authorize(Actor(name="studio", role="studio"), "sign", limits)
