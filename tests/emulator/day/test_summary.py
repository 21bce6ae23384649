from emulator.day import summary
from emulator.day.booking import MINUTE_MS, Booked
from emulator.day.hall import Seat
from emulator.day.record import Stay
from emulator.day.staff import Call, Errand

S = 1_000


def stay(badge: str, machine: str, waited_s: int, lasted_s: int, reps: int = 10) -> Stay:
    taken_ms = waited_s * S
    seat = Seat(badge=badge, machine=machine, kind="row", since_ms=0, taken_ms=taken_ms, begins_ms=taken_ms)
    return Stay(seat=seat, ends_ms=taken_ms + lasted_s * S, sets=1, reps=reps, load_kg=5.0)


def errand(badge: str, reaction_s: int, *, home: bool = False, therapist: int = 1) -> Errand:
    call = Call(raised_ms=0, severity="red", code="pain", machine="m", badge=badge)
    return Errand(
        therapist=therapist, call=call, leaves_ms=0, arrives_ms=reaction_s * S, done_ms=999 * S,
        goes_home=home,
    )  # fmt: skip


def test_visits_are_counted_by_how_they_went() -> None:
    booked = [
        Booked(badge="a", due_ms=0, comes_ms=0, stations=("row", "neck_extension")),
        Booked(badge="b", due_ms=0, comes_ms=2 * MINUTE_MS, stations=("row",)),
        Booked(badge="c", due_ms=0, comes_ms=None, stations=("row",)),
    ]
    assert summary.visits(booked, [stay("a", "m", 0, 9)], {"row"}) == {
        "booked": 3, "come": 2, "late": 1, "no_show": 1, "stations_booked": 2, "stations_done": 1,
        "people_trained": 1,
    }  # fmt: skip


def test_waiting_is_told_by_median_nine_of_ten_and_most() -> None:
    stays = [stay("a", "m", waited, 9) for waited in range(10)]
    assert summary.waiting(stays) == {"median_s": 4.5, "p90_s": 9.0, "most_s": 9.0}
    assert summary.waiting([]) == {"median_s": 0.0, "p90_s": 0.0, "most_s": 0.0}


def test_alerts_are_counted_with_the_reaction_of_staff() -> None:
    noted = [Call(raised_ms=0, severity="info", code="countersign", machine="m", badge="a")]
    found = summary.alerts(
        [errand("a", 10), errand("b", 30, home=True, therapist=2), errand("b", 50, home=True)], noted
    )
    assert found == {
        "raised": 4, "by_code": {"info countersign": 1, "red pain": 3}, "answered": 3, "sent_home": 1,
        "reaction_median_s": 30.0, "reaction_most_s": 50.0, "by_therapist": {"1": 2, "2": 1},
    }  # fmt: skip
    assert summary.alerts([], [])["reaction_median_s"] is None


def test_utilisation_is_the_time_somebody_trained() -> None:
    found = summary.utilisation(
        {"m": "row", "n": "row"}, [stay("a", "m", 5, 30), stay("b", "m", 5, 20)], 100 * S
    )
    assert found["m"] == {"percent": 50.0, "sessions": 2, "reps": 20}
    assert found["n"] == {"percent": 0.0, "sessions": 0, "reps": 0}
