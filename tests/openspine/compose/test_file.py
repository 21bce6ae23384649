from pathlib import Path

import pytest

from openspine.compose.file import interpolate, read

FILE = """
services:
  late:
    image: late
    command: ["run", "${MODE:-quick}"]
    depends_on:
      early: {condition: service_healthy}
    volumes: ["box:/box:ro"]
    ports: ["127.0.0.1:${PUBLISHED:-9}:8000"]
  early:
    image: early
    command: ["wait"]
    environment: {SECRET: "${SECRET:?say it}", MONEY: "$$5"}
    healthcheck: {test: ["CMD", "look"], interval: 2s, timeout: 3s, retries: 4, start_period: 10s}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "docker-compose.yml"
    path.write_text(FILE)
    return path


def test_services_come_in_the_order_of_their_needs(path: Path) -> None:
    services = read(path, {"SECRET": "open"})
    assert list(services) == ["early", "late"]
    early, late = services.values()
    assert early.environment == {"SECRET": "open", "MONEY": "$5"}
    assert early.probe == ("look",)
    assert early.patience_s == 30
    assert late.command == ("run", "quick")
    assert late.needs == {"early": "service_healthy"}
    assert late.volumes == {"/box": "box"}
    assert late.ports == (8000,)


def test_an_unset_variable_says_what_to_do(path: Path) -> None:
    with pytest.raises(KeyError, match="SECRET: say it"):
        read(path, {})


def test_services_that_wait_for_one_another_are_named(path: Path) -> None:
    path.write_text(
        FILE.replace('command: ["wait"]', 'command: ["wait"]\n    depends_on: {late: {condition: x}}')
    )
    with pytest.raises(ValueError, match="early"):
        read(path, {"SECRET": "open"})


@pytest.mark.parametrize(
    ("text", "expected"), [("${A}", "1"), ("${A:-2}", "1"), ("${B:-2}", "2"), ("${B:-}", ""), ("$$A", "$A")]
)
def test_interpolation(text: str, expected: str) -> None:
    assert interpolate(text, {"A": "1"}) == expected
