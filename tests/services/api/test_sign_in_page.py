"""The sign-in page as it is handed out: own files, own addresses, both languages."""

import json
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from door_people import DoorPeople

from services.api.pages.sign_in import FOLDER, MEDIA, where

ORIGINS = ("http://127.0.0.1:8501", "http://localhost:8501")
HOME = ORIGINS[0]


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        (f"{HOME}/patient?patient=p-1", f"{HOME}/patient?patient=p-1"),
        ("http://localhost:8501/", "http://localhost:8501/"),
        (f"{HOME}\t/patient", f"{HOME}/patient"),
        ("", HOME),
        ("https://elsewhere.example/", HOME),
        ("http://127.0.0.1:8501@elsewhere.example/", HOME),
        ("http://127.0.0.1:8501\\@elsewhere.example/", HOME),
        ("http://127.0.0.1:8501.elsewhere.example/", HOME),
        ("//elsewhere.example", HOME),
        ("javascript:alert(1)", HOME),
        ("http://[", HOME),
    ],
)
def test_the_page_leads_to_the_dashboard_or_nowhere(wanted: str, leads_to: str) -> None:
    assert where(wanted, ORIGINS, "127.0.0.1") == leads_to


def test_without_a_wish_it_leads_to_the_name_that_was_typed() -> None:
    assert where("", ORIGINS, "localhost") == "http://localhost:8501"
    assert where("", (), "localhost") == "/"


def test_the_page_may_load_its_own_files_only_and_repeats_nothing_as_it_came(door: DoorPeople) -> None:
    answer = door.client.get("/sign-in", params={"next": f'{HOME}/"><script>x</script>'})
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>x" not in answer.text
    assert re.findall(r"https?://(?!127\.0\.0\.1)", answer.text) == []
    assert re.search(r"\sstyle=|\son\w+=", answer.text) is None


@pytest.mark.parametrize("name", MEDIA)
def test_its_parts_are_handed_out_and_nothing_else(door: DoorPeople, name: str) -> None:
    answer = door.client.get(f"/sign-in/{name}")
    assert answer.headers["content-type"].startswith(MEDIA[name])
    assert answer.content == (FOLDER / name).read_bytes()
    assert door.client.get("/sign-in/page.html").status_code == 404
    assert door.client.get("/sign-in/..%2Fsign_in.py").status_code == 404


@pytest.mark.parametrize(
    ("asked", "wished", "language"),
    [("", "zh-HK,zh;q=0.9", "zh-HK"), ("", "en-GB", "en"), ("en", "zh-HK", "en"), ("zh-HK", "en", "zh-HK")],
)
def test_it_speaks_the_language_of_the_browser_unless_asked_otherwise(
    door: DoorPeople, asked: str, wished: str, language: str
) -> None:
    answer = door.client.get("/sign-in", params={"language": asked}, headers={"Accept-Language": wished})
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.skipif(which("node") is None, reason="node is not installed here")
def test_every_word_stands_in_both_languages(tmp_path: Path) -> None:
    script = f'import {{ WORDS }} from "{FOLDER / "words.js"}"; console.log(JSON.stringify(WORDS));'
    file = tmp_path / "say.mjs"
    file.write_text(script, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    said = subprocess.run(
        [str(which("node")), str(file)], capture_output=True, text=True, check=True, timeout=30
    )
    words = json.loads(said.stdout)
    assert set(words["en"]) == set(words["zh-HK"])
    used = set(re.findall(r'data-word="(\w+)"', (FOLDER / "page.html").read_text(encoding="utf-8")))
    assert used <= set(words["en"])
