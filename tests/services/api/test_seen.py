"""A change names one version that was seen, as an ETag; the same refusals wherever one is needed."""

from http import HTTPStatus

import pytest

from services.api.problems import Refused
from services.api.seen import seen_version


@pytest.mark.parametrize("header", ['"3"', 'W/"3"'])
def test_one_version_is_read_weak_or_strong(header: str) -> None:
    assert seen_version(header) == "3"


@pytest.mark.parametrize(
    "header", ["", "3", '"3', '3"', '"', '""', "*", '"3", "4"', '"3""4"', 'w/"3"', "W/3", '"3"\n']
)
def test_what_is_no_version_is_said_to_be_none(header: str) -> None:
    with pytest.raises(Refused) as refused:
        seen_version(header)
    assert refused.value.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [one.where for one in refused.value.mistakes] == ["header.if-match"]


def test_a_version_must_be_named() -> None:
    with pytest.raises(Refused) as refused:
        seen_version(None)
    assert refused.value.status == HTTPStatus.PRECONDITION_REQUIRED
