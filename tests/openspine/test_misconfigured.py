"""A setting that cannot be read is a line and exit code 78, whichever verb reads it."""

import json

import pytest
from pydantic import BaseModel, ValidationError

from openspine import misconfigured
from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.settings import Settings


class Other(BaseModel):
    number: int


@pytest.mark.parametrize("verb", [["serve"], ["serve", "--role", "prescribe"], ["worker"], ["db", "upgrade"]])
def test_what_is_wrong_is_said_in_one_line(
    verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENSPINE_DEMO", "perhaps")
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", "sqlite:///:memory:")
    assert main(verb) == ExitCode.UNSAFE
    printed = capsys.readouterr()
    assert printed.out == ""
    [line] = printed.err.splitlines()
    assert line.startswith("openspine: OPENSPINE_DEMO: Input should be a valid boolean")


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        ("proxy.example", "does not appear to be"),
        ("0.0.0.0/0", "this believes everybody"),
        ("10.0.0.1/8", "host bits"),
    ],
)
def test_a_proxy_that_is_none_is_refused(
    proxy: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENSPINE_TRUSTED_PROXY", proxy)
    assert main(["doctor", "--json"]) == ExitCode.UNSAFE
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], why in told["error"]) == (ExitCode.UNSAFE, True)


def test_other_errors_are_left_alone() -> None:
    with pytest.raises(ValidationError) as other:
        Other.model_validate({"number": "x"})
    assert misconfigured.said(other.value) is None
    assert misconfigured.said(ValueError("x")) is None
    with pytest.raises(ValidationError) as ours:
        Settings(demo="perhaps")  # type: ignore[arg-type]
    assert misconfigured.said(ours.value) is not None
