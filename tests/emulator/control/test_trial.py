from emulator.control.arm import arms
from emulator.control.trial import OWN_SEEDS, PEOPLE_A_PIECE, STRATA, Piece, cohort, of_profile, pieces
from emulator.people.person import people

ARMS = (arms()["oracle"], arms()["steady"])


def whole(count: int, kinds: tuple[str, ...]) -> Piece:
    return Piece(profile="rehab", people=cohort("rehab", count, 1), kinds=kinds, arms=ARMS, weeks=3)


def test_pieces_hold_everybody_once_and_are_cut_by_people_alone() -> None:
    cut = pieces(whole(25, ("row",)))
    assert [len(one.people) for one in cut] == [PEOPLE_A_PIECE, PEOPLE_A_PIECE, 5]
    assert [one.number for part in cut for one in part.people] == list(range(25))
    assert all((one.arms, one.weeks, one.profile) == (ARMS, 3, "rehab") for one in cut)


def test_kinds_are_taken_in_turn_by_whole_sets_of_strata() -> None:
    trains_on = [kind for part in pieces(whole(40, ("row", "leg_press"))) for kind in part.kinds]
    assert trains_on[:STRATA] == ["row"] * STRATA
    assert trains_on[STRATA : 2 * STRATA] == ["leg_press"] * STRATA
    assert trains_on[2 * STRATA] == "row"


def test_nobody_of_a_trial_was_among_those_a_model_was_trained_on() -> None:
    assert cohort("rehab", 3, 7) == people(3, OWN_SEEDS + 7)
    assert {one.seed for one in cohort("rehab", 50, 7)}.isdisjoint({one.seed for one in people(3_000, 7)})


def test_members_are_healthy_and_patients_are_not() -> None:
    members, patients = cohort("studio", 12, 1), cohort("rehab", 12, 1)
    assert not any(one.back_pain for one in members)
    assert all(one.back_pain for one in patients)
    assert len({(one.sex, one.age_years // 20) for one in members}) >= 5
    assert of_profile("studio", [*members, *patients]) == members
    assert of_profile("rehab", [*members, *patients]) == patients
