"""`whatif`: a person's history once more, from the store or from a running service."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from scripted_studio import Studio, open_studio
from trained_history import train_visits

from openspine.__main__ import main
from openspine.children import free_port
from openspine.outcome import ExitCode
from services.store import tables

CODE = "code-badge-1"
Ask = Callable[..., int]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    made = open_studio(f"sqlite:///{folder / 'studio.sqlite'}", folder)
    opened = next(made)
    train_visits(opened, 3)
    yield opened
    next(made, None)


@pytest.fixture
def ask(studio: Studio) -> Ask:
    """Run the verb on the studio; keyword arguments become options."""

    def run(*arguments: str) -> int:
        named = [] if "--patient" in arguments else ["--patient", CODE]
        return main(["whatif", *named, "--database", str(studio.engine.url), *arguments])

    return run


def test_json_and_table_tell_the_same(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--policy", "linear", "--json") == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert ask("--policy", "linear") == ExitCode.OK
    told = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in told) <= 100
    assert told[0] == f"{CODE}: as it was, and with linear"
    assert "nobody knows" in " ".join(told[1:4])
    sets = [line for line in told if line.count("|") == 3 and line.strip()[0].isdigit()]
    assert len(sets) == len(found["sets"]) == found["real"]["sets"] > 4
    assert f"{found['differing']} of {found['decisions']} decisions differ; reasons in them:" in told
    assert any(line.split() == ["sets", str(found["real"]["sets"]), str(found["other"]["sets"])]
               for line in told)  # fmt: skip


def test_a_person_is_found_by_id_too(ask: Ask, studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    number = studio.rows(tables.patient)[0]["id"]
    assert ask("--patient", number, "--policy", "steady", "--json") == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["patient"], found["differing"]) == (CODE, 0)


def test_simulated_is_labelled_everywhere(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--policy", "medx", "--simulate") == ExitCode.OK
    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith("medx (simulated)")
    assert told[1].startswith("SIMULATED")


def test_limits_come_from_options_and_from_a_file(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = tmp_path / "limits.json"
    limits.write_text('{"max_load_kg": 1.0, "highest_deg": 50}')
    assert ask("--limits", str(limits), "--json") == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert found["limits"] == ["max_load_kg=1.0", "highest_deg=50.0"]
    assert {one["other"]["load_kg"] for one in found["sets"]} == {1.0}
    assert (
        ask("--limits", str(limits), "--max-load-kg", "0.5", "--phase", "maintain", "--json") == ExitCode.OK
    )
    found = json.loads(capsys.readouterr().out)
    assert {one["other"]["load_kg"] for one in found["sets"]} == {0.5}
    assert "phase=maintain" in found["limits"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, ExitCode.NOT_FOUND),
        ("{", ExitCode.USAGE),
        ("[1]", ExitCode.USAGE),
        ('{"load": 3}', ExitCode.USAGE),
        ('{"max_load_kg": "much"}', ExitCode.USAGE),
        ('{"phase": "sprint"}', ExitCode.USAGE),
    ],
)
def test_bad_limits_are_one_line(
    ask: Ask, tmp_path: Path, content: str | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = tmp_path / "limits.json"
    if content is not None:
        limits.write_text(content)
    assert ask("--limits", str(limits)) == code
    told = capsys.readouterr()
    assert (told.out, len(told.err.splitlines())) == ("", 1)


def test_what_cannot_be_asked(ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask() == ExitCode.USAGE
    assert ask("--patient", "P99", "--policy", "linear") == ExitCode.NOT_FOUND
    assert ask("--policy", "linear", "--kind", "neck_extension") == ExitCode.NOT_FOUND
    assert ask("--policy", "linear", "--plot", str(tmp_path / "x.gif")) == ExitCode.USAGE
    nowhere = f"postgresql+psycopg://u:secret@127.0.0.1:{free_port()}/x"
    asked = ["whatif", "--patient", CODE, "--policy", "linear"]
    assert main([*asked, "--database", nowhere]) == ExitCode.UNREACHABLE
    assert main([*asked, "--service", f"http://127.0.0.1:{free_port()}"]) == ExitCode.UNREACHABLE
    capsys.readouterr()
    assert ask("--policy", "nonsense", "--json") == ExitCode.USAGE
    told = capsys.readouterr()
    assert "two_for_two" in told.err
    assert json.loads(told.out)["code"] == ExitCode.USAGE


@pytest.mark.parametrize("suffix", ["png", "svg", "html"])
def test_a_picture_is_written(ask: Ask, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"whatif.{suffix}"
    assert ask("--policy", "linear", "--simulate", "--plot", str(path)) == ExitCode.OK
    written = path.read_bytes()
    assert written.startswith({"png": b"\x89PNG", "svg": b"<svg", "html": b"<!DOCTYPE html>"}[suffix])
    assert len(written) > 5_000


class _Refusing(BaseHTTPRequestHandler):
    """A service that knows nobody, and no policy but one."""

    def do_GET(self) -> None:
        is_known = "policy=linear" in self.path
        mistakes = [] if is_known else [{"where": "query.policy", "what": "one of"}]
        detail = "There is no such patient." if is_known else "The request has a mistake."
        body = json.dumps({"detail": detail, "mistakes": mistakes})
        self.send_response(404 if is_known else 422)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        return


def test_a_service_that_refuses_is_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    Thread(target=server.serve_forever, daemon=True).start()
    asked = ["whatif", "--patient", "x", "--service", f"http://127.0.0.1:{server.server_port}"]
    try:
        assert main([*asked, "--policy", "linear"]) == ExitCode.NOT_FOUND
        assert "There is no such patient." in capsys.readouterr().err
        assert main([*asked, "--policy", "other"]) == ExitCode.USAGE
        assert "query.policy: one of" in capsys.readouterr().err
    finally:
        server.shutdown()
        server.server_close()
