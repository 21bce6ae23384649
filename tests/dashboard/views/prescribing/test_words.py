from dataclasses import replace

import pytest

from dashboard.api.limits import Figures, LimitsHistory, LimitsVersion, Window, list_limit_versions
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.drafting import figures_of
from dashboard.views.prescribing.words import FIELDS, differences, field_words, holds_until, lines

KIND = "lumbar_extension"


@pytest.fixture
def newest(client: Client) -> LimitsVersion:
    found = list_limit_versions(client, "p-1", KIND)
    assert isinstance(found, LimitsHistory)
    return found.items[0]


@pytest.fixture
def figures(newest: LimitsVersion) -> Figures:
    return figures_of(newest)


def test_limits_are_read_in_the_viewers_unit_and_in_clinical_angles(
    figures: Figures, show: Formatter, show_lb: Formatter
) -> None:
    assert lines(figures, KIND, show) == [
        ("Largest load", "40.0 kg"),
        ("Cap of the phase", "28.5 kg"),
        ("Largest torque in a test", "120 Nm"),
        ("Fastest movement", "45° a second"),
        ("Phase", "Build"),
        ("Pain: green up to", "3"),
        ("Pain: amber up to", "5"),
        ("Range", "72 to 12°"),
    ]
    assert lines(figures, KIND, show_lb)[0] == ("最大重量", "88.2 lb")


def test_a_shorter_first_visit_is_said(figures: Figures, show: Formatter) -> None:
    window = Window(lowest_cdeg=0, highest_cdeg=6_000, start_highest_cdeg=5_400)
    shorter = replace(figures, sides={"both": window})
    assert lines(shorter, KIND, show)[-1] == ("Range", "72 to 12°, first visit to 18°")


def test_only_what_differs_is_named_with_both_values(figures: Figures, show: Formatter) -> None:
    after = replace(figures, max_load_g=44_000, phase="strengthen")
    assert differences(figures, after, KIND, show) == [
        "Largest load: 40.0 kg → 44.0 kg",
        "Phase: Build → Strengthen",
    ]
    assert differences(figures, figures, KIND, show) == []
    assert len(differences(None, figures, KIND, show)) == len(FIELDS) + 1


def test_a_side_is_named(show: Formatter) -> None:
    assert field_words("sides.left", show) == "Range, left"
    assert field_words("sides.both", show) == "Range"


def test_who_signed_until_when_and_why(newest: LimitsVersion, show: Formatter) -> None:
    said = holds_until(newest, show)
    assert said == (
        "Version 2: signed by Dr Demo \\(DEMO\\) on 9 Nov 2026, holds until 21 Dec 2026. "
        "Range painless for two weeks."
    )
    withdrawn = holds_until(replace(newest, withdrawn=True, reason="*Fell.*"), show)
    assert withdrawn.endswith("Nothing is allowed. \\*Fell.\\*")
