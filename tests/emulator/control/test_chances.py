import numpy as np

from emulator.control.chances import Stacked, of_answers, of_mobility, of_set


def test_a_set_draws_the_same_noise_alone_and_in_any_batch_and_at_any_length() -> None:
    alone = Stacked([of_set(5, 3, "row", 2)]).standard_normal((4, 1, 8), np.float32)
    batch = Stacked([of_set(5, 3, "row", 1), of_set(5, 3, "row", 2)])
    together = batch.standard_normal((4, 2, 20), np.float32)
    assert (together[:, 1, :8] == alone[:, 0]).all()
    assert not (together[:, 0, :8] == alone[:, 0]).any()
    assert batch.normal(2).shape == (2,)


def test_days_sets_and_questions_draw_apart() -> None:
    draws = [
        one.normal()
        for one in (
            of_set(5, 3, "row", 1),
            of_set(5, 3, "row", 2),
            of_set(5, 4, "row", 1),
            of_set(6, 3, "row", 1),
            of_answers(5, 3, "row"),
            of_mobility(5, 3, "row"),
        )
    ]
    assert len(set(draws)) == len(draws)
