"""Whatever is planted into a request to the prescriber, no answer and no log line ever holds it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from planted_secret import FIELD, SECRET, around, within

from services.api import problems
from services.api.schemas import Mistake
from services.prescribing.__main__ import description


def said(client: TestClient) -> Iterator[tuple[str, list[str], list[str]]]:
    """Return of each operation its name, and what is answered around a body and to one."""
    described: dict[str, Any] = description()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            wish = (client, method.upper(), path, operation)
            yield operation["operationId"], [*around(*wish)], [*within(*wish, described)]


def test_no_answer_and_no_line_of_the_log_holds_what_was_planted(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [*said(client)]
    answers = [(name, text) for name, outer, inner in asked for text in (*outer, *inner)]
    echoed = [(name, text[:200]) for name, text in answers if SECRET in text]
    unread = [name for name, _, inner in asked if inner and not any(FIELD.search(text) for text in inner)]
    assert echoed == []
    assert unread == []  # a body that nobody looked at proves nothing
    assert sum(len(inner) for *_, inner in asked) > 80
    assert SECRET not in capsys.readouterr().out


def test_an_echo_is_found(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(problems, "_mistake", lambda error: Mistake(where="body", what=str(error["input"])))
    assert any(SECRET in text for _, _, inner in said(client) for text in inner)
