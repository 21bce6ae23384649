"""What the driver of the database logs becomes a line of ours, and quotes no row."""

import json
import logging
from collections.abc import Iterator

import pytest
from psycopg.errors import NotNullViolation

from services.log import json_logger

SECRET = "Mrs Planted Name"  # noqa: S105 (what is looked for)


@pytest.fixture
def driver() -> Iterator[logging.Logger]:
    found = logging.getLogger("psycopg")
    before = found.handlers, found.propagate
    yield found
    found.handlers, found.propagate = before


@pytest.mark.parametrize("name", ["psycopg", "psycopg.transaction"])
def test_a_row_that_the_driver_quotes_never_reaches_the_log(
    name: str,
    driver: logging.Logger,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    json_logger()
    json_logger()
    refused = NotNullViolation(f"null value\nDETAIL: Failing row contains (9999, null, {SECRET}).")
    logging.getLogger(name).warning("error ignored terminating %r: %s", SECRET, refused)
    said = capsys.readouterr()
    assert (SECRET in caplog.text, SECRET in said.out, said.err) == (False, False, "")
    (line,) = [json.loads(line) for line in said.out.splitlines()]
    assert (line["event"], line["errors"]) == ("database_driver", ["NotNullViolation"])
    assert driver.handlers
