import json

import pytest
from pydantic import ValidationError

from services.api import schemas
from services.api.schemas import Page, Shape, example_of

SHAPES = [
    shape
    for name in schemas.__all__
    if isinstance(shape := getattr(schemas, name), type)
    and issubclass(shape, Shape)
    and shape not in (Shape, Page)
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_example_of_every_body_is_a_valid_one(shape: type[Shape]) -> None:
    example = example_of(shape)
    assert shape.model_validate_json(json.dumps(example))
    assert shape.model_json_schema(mode="serialization")["examples"] == [example]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_body_and_every_figure_says_what_it_is(shape: type[Shape]) -> None:
    assert shape.__doc__


def test_unknown_fields_are_refused() -> None:
    example = example_of(schemas.Person) | {"shoe_size": 42}
    with pytest.raises(ValidationError):
        schemas.Person.model_validate(example)


def test_figures_that_are_no_numbers_leave_as_null() -> None:
    part = schemas.PastDifference.model_validate(example_of(schemas.PastDifference))
    assert (
        '"difference_pct":null' in part.model_copy(update={"difference_pct": float("nan")}).model_dump_json()
    )
