import json
from pathlib import Path

import pytest

from openspine.__main__ import main
from openspine.outcome import ExitCode

LITTLE = ["generate", "--weeks", "1", "--jobs", "1", "--patients"]


def test_it_says_what_it_wrote_and_finds_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = f"sqlite:///{tmp_path / 'a.sqlite'}"
    assert main([*LITTLE, "1", "--database", database, "--json"]) == ExitCode.OK
    printed = capsys.readouterr()
    made = json.loads(printed.out)
    assert made["reps"] == made["reps_made"] > 0
    assert made["reps_per_s"] > 0
    assert "wings 1/1" in printed.err
    assert main([*LITTLE, "1", "--database", database, "--json"]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["reps_made"], found["digest"]) == (0, made["digest"])
    assert main(["generate", "--patients", "1", "--weeks", "2", "--database", database]) == ExitCode.FAILED
    assert "another --seed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(["1", "--database", "nonsense"], ExitCode.USAGE), (["1", "--visits", "8"], ExitCode.USAGE),
     (["0"], ExitCode.USAGE),
     (["1", "--database", "postgresql+psycopg://nobody@127.0.0.1:1/x"], ExitCode.UNREACHABLE)],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_line(
    wrong: list[str], code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*LITTLE, *wrong]) == code
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""


def test_a_store_is_always_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The studio's own store holds real people: leaving out a word puts no invented ones there."""
    studio = tmp_path / "studio.sqlite"
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", f"sqlite:///{studio}")
    assert main([*LITTLE, "1"]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert "--database" in printed.err
    assert len(printed.err.splitlines()) == 1
    assert not studio.exists()
