"""Running a made-up place: reports of the conformance kit, and how long things are kept."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request

from fake_service.operations import WONG, machines
from fake_service.people import NOW, Json, stamp

DAY = timedelta(days=1)
REPORT = "3d0c5a51-2f7e-4c0c-8a3f-6f0f4f6a9c11"
TERMS = {
    "sign_ins": 1.0,
    "transit": 30.0,
    "curves": 90.0,
    "messages": 90.0,
    "sessions": 7 * 365.2425,
    "entries": 6 * 365.2425,
    "identity": None,
}


def _rule(number: str, result: str, words: tuple[str, str, str], evidence: list[str]) -> Json:
    does, sees, note = words
    rule = {"id": number, "level": "full", "section": "docs/protocol.md#accepting-a-setting", "does": does}
    return rule | {"sees": sees, "result": result, "note": note, "evidence": evidence}


def _rules() -> list[Json]:
    heavy = ("sends a load above the signed limit", "a receipt: refused, LOAD", "the receipt says applied")
    opened = (
        "plans a set that staff open, tries without load and gives no PIN",
        "nothing lifted in the marked set",
        "3 reps were done before a PIN",
    )
    payload = '{"v":1,"kind":"receipt","result":"applied","reason":null,"applied":{"load_g":81000}}'
    shown = [
        '12.30 s kit (too-heavy) down/setting {"load_g":81000,"mode":"train"}',
        f"12.41 s machine {payload}",
    ]
    return [
        _rule("SET-18", "fail", heavy, shown),
        _rule("OPEN-02", "fail", opened, ['61.08 s machine up/rep {"set":2,"rep":1,"load_g":4000}']),
        _rule(
            "SET-01", "pass", ("sends a setting that nobody signed", "a receipt: refused", "refused"), shown
        ),
        _rule("VAL-08", "skip", ("reads every `test_result`", "no field missing", "no test_result came"), []),
    ]


def _report(machine: Json, place: int) -> Json:
    short = machine["conformance"]
    return {
        "id": REPORT[:-2] + f"{place:02d}",
        "tested_at": stamp(NOW - (9 + 60 * place) * DAY),
        "uploaded_at": stamp(NOW - (9 + 60 * place) * DAY),
        "uploaded_by": "Lee Sau Wai",
        "level": "full",
        "kit": "0.1.0",
        "protocol": "1.1",
        "firmware": short["firmware"] if place == 0 else "1.3.9",
        "passed": short["passed"] - place,
        "failed": short["failed"] + place,
        "skipped": 1,
        "problem": None,
        "left_out": 0,
        "rules": [rule for rule in _rules() if rule["result"] == "fail"] if short["failed"] or place else [],
    }


def _machine(request: Request) -> Json | None:
    wanted = request.path_params["machine"]
    return next((one for one in machines() if one["machine"] == wanted), None)


def _reports(fake: Any, request: Request) -> Json | None:
    machine = _machine(request)
    if machine is None:
        return None
    tested = machine["conformance"] is not None and fake.mood != "empty"
    return {"items": [_report(machine, place) for place in (0, 1)] if tested else [], "next": None}


def _whole(_fake: Any, request: Request) -> Json | None:
    machine = _machine(request)
    return None if machine is None else _report(machine, 0) | {"rules": _rules()}


def _run(days: int, **removed: int) -> Json:
    began = NOW - days * DAY - timedelta(hours=9)
    ended = None if days == 2 else stamp(began + timedelta(seconds=71))
    return {"started_at": stamp(began), "finished_at": ended, "removed": removed}


def _retention(fake: Any, _request: Request) -> Json:
    runs = [_run(0, curves=12_400, messages=31_950, sign_ins=61, months=0), _run(1), _run(2)]
    is_new = fake.mood == "empty"
    return {
        "kept": [
            {"what": what, "term_days": days, "due": _due(what), "is_due_more": what == "messages"}
            for what, days in TERMS.items()
        ],
        "runs": [] if is_new else runs,
        "has_usual_terms": is_new,
        "next_at": None if is_new else stamp(NOW + timedelta(hours=15)),
        "is_late": is_new,
    }


def _due(what: str) -> int | None:
    return {"curves": 412, "messages": 10_000, "identity": None}.get(what, 0)


ROUTES = {
    "GET /v1/machines/{machine}/conformance": _reports,
    "POST /v1/machines/{machine}/conformance": lambda _fake, _request: {"id": WONG},
    "GET /v1/machines/{machine}/conformance/{report}": _whole,
    "GET /v1/retention": _retention,
}
