"""`report` on a person who has not trained yet: the page is made all the same."""

import json
from pathlib import Path

import database_copies
import pdf_text
import pytest
from studio_rows import StudioRows

from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.keys.audit import open_audit_key
from services.report import page
from services.store.engine import open_engine

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    database_copies.migrate(found)
    rows = StudioRows(open_engine(found))
    rows.site()
    rows.patient()
    rows.patient("Somchai ส", code="P-Som", language="en")
    rows.engine.dispose()
    open_audit_key(tmp_path / "keys", make=True)
    return found


def test_page_is_in_the_asked_language(url: str, tmp_path: Path, capsys: Capture) -> None:
    own, english = tmp_path / "own.pdf", tmp_path / "en.pdf"
    assert main(["report", "P-Ling", "-o", str(own), "--database", url, "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(own), "bytes": own.stat().st_size, "missing": []}
    assert (
        main(["report", "P-Ling", "-o", str(english), "--language", "en", "--database", url]) == ExitCode.OK
    )
    assert "我的腰背訓練" in pdf_text.text(own.read_bytes())
    assert "My back training" in pdf_text.text(english.read_bytes())
    assert own.stat().st_mode & 0o777 == 0o600


def test_letters_without_a_font_are_told(url: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["report", "P-Som", "-o", str(tmp_path / "x.pdf"), "--database", url]) == ExitCode.OK
    assert "U+0E2A" in capsys.readouterr().err


def test_picture_is_a_png(url: str, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    assert main(["report", "P-Ling", "-o", str(file), "--picture", "--database", url]) == ExitCode.OK
    assert file.read_bytes().startswith(b"\x89PNG")


def test_unknown_people_and_a_missing_typesetter_are_one_line(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    asked = ["report", "nobody", "-o", str(tmp_path / "x.pdf"), "--database", url]
    assert main(asked) == ExitCode.NOT_FOUND
    assert "there is no person nobody" in capsys.readouterr().err
    monkeypatch.setattr(page, "is_possible", lambda: False)
    assert main(asked) == ExitCode.FAILED
    assert "openspine[pdf]" in capsys.readouterr().err
