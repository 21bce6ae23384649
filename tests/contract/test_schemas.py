import json
from pathlib import Path

import jsonschema
import pytest
from builders import a_message, a_plan, a_setting

from contract import codec, schemas

DOCS = Path(__file__).parents[2] / "docs" / "protocol"


@pytest.mark.parametrize(("path", "text"), list(schemas.published()), ids=lambda value: str(value)[:30])
def test_the_published_files_are_fresh(path: str, text: str) -> None:
    assert (DOCS / path).read_text(encoding="utf-8") == text, "stale: run `python -m contract docs/protocol`"


def test_nothing_else_lies_in_the_published_folder() -> None:
    written = {path for path, _ in schemas.published()}
    assert {str(file.relative_to(DOCS)) for file in DOCS.rglob("*.json")} == written


def test_the_schemas_accept_ours_and_refuse_others() -> None:
    schema = schemas.message_schemas()
    rep = json.loads(codec.encode(a_message()))
    jsonschema.validate(rep, schema["rep"])
    jsonschema.validate(json.loads(codec.encode(a_plan())), schema["plan"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(rep | {"load_g": -1}, schema["rep"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(codec.encode(a_setting())) | {"extra": 1}, schema["setting"])


def test_every_reference_of_the_asyncapi_document_resolves() -> None:
    document = schemas.asyncapi()
    kinds = schemas.message_schemas()
    for channel in document["channels"].values():
        for reference in channel["messages"].values():
            assert (
                reference["$ref"].removeprefix("#/components/messages/") in document["components"]["messages"]
            )
    for message in document["components"]["messages"].values():
        assert message["payload"]["$ref"].removeprefix("./schemas/").removesuffix(".json") in kinds
    for operation in document["operations"].values():
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"]
