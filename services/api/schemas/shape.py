"""The one base of every answer, its examples, and pages of items."""

from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Item = TypeVar("Item")
CURSOR_MOST = 512  # characters; longer cannot be ours


def _add_example(schema: dict[str, Any], model: type[BaseModel]) -> None:
    schema["examples"] = [example_of(model)]


class Shape(BaseModel):
    """A body that leaves or enters the API; its example is composed of the examples of its fields."""

    model_config = ConfigDict(
        extra="forbid",
        from_attributes=True,
        json_schema_extra=_add_example,
        json_schema_serialization_defaults_required=True,
    )


def field_names() -> frozenset[str]:
    """List the names of all fields of all bodies: words of ours, which may be said of a request."""
    found: set[str] = set()
    ahead: list[type[BaseModel]] = [Shape]
    while ahead:
        model = ahead.pop()
        found |= model.model_fields.keys()
        ahead += model.__subclasses__()
    return frozenset(found)


class Page(Shape, Generic[Item]):
    """A page of items; `next` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None = Field(default=None, examples=["MTc2MzcyMTAwMDAwMHw0Mg"])


def example_of(model: type[BaseModel]) -> dict[str, Any]:
    """Compose a whole example from the first example of each field."""
    return {
        info.serialization_alias or name: _field_example(info) for name, info in model.model_fields.items()
    }


def _field_example(info: FieldInfo) -> Any:
    return info.examples[0] if info.examples else _annotation_example(info.annotation)


def _annotation_example(annotation: Any) -> Any:
    """Follow lists, dictionaries, optional values and annotated types down to a value."""
    described = [extra for extra in getattr(annotation, "__metadata__", ()) if isinstance(extra, FieldInfo)]
    if described and described[0].examples:
        return described[0].examples[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return example_of(annotation)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is list:
        return [_annotation_example(inner[0])]
    if origin in (Union, UnionType):
        return _annotation_example(next(choice for choice in inner if choice is not type(None)))
    raise TypeError(f"{annotation} has no example")
