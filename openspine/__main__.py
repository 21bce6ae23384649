"""The one entry: `./studio VERB`, `openspine VERB`, `python -m openspine VERB`."""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from openspine import misconfigured
from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs import GROUPS, VERBS, Verb

if TYPE_CHECKING:
    from cyclopts import App

TITLE = "OpenSpine: the open platform for studios with motorised spine-strength machines."


def overview() -> str:
    """Return the list of verbs, without the 0.3 s that the command-line library needs to draw it."""
    width = max(len(verb.name) for verb in VERBS)
    lines = [f"  {verb.name:<{width}}  {verb.help}" for verb in VERBS]
    return "\n".join(
        ["Usage: openspine VERB [OPTIONS]", "", TITLE, "", *lines, "", "openspine VERB --help says more."]
    )


def build(asked: Sequence[str]) -> "App":
    """Register every verb by import path: nothing of ours is imported until its verb runs.

    A verb that has verbs below it (`emulate`, `emulate day`) is the default of their group; cyclopts takes
    that as a function only, so it is imported when `asked` begins with its name.
    """
    from cyclopts import App  # noqa: PLC0415 (0.2 s that --help does not need)

    app = App(name="openspine", help=TITLE, help_format="plaintext", help_formatter="plain", version=_version)
    groups: dict[tuple[str, ...], App] = {(): app}
    names = {tuple(verb.name.split()): verb for verb in VERBS}
    for words in names:
        for depth in range(1, len(words)):
            group = words[:depth]
            if group not in groups:
                groups[group] = App(name=group[-1], help=_group_help(names.get(group), group))
                groups[group[:-1]].command(groups[group])
    for words, verb in names.items():
        if words not in groups:
            groups[words[:-1]].command(verb.path, name=words[-1], help=verb.help)
        elif tuple(asked[: len(words)]) == words:
            groups[words].default(_function(verb.path))
    return app


def _group_help(own: Verb | None, group: tuple[str, ...]) -> str:
    return GROUPS[" ".join(group)] if own is None else own.help


def run(arguments: list[str]) -> int:
    """Run one verb; exit code 2 when it was written wrongly."""
    from cyclopts import CycloptsError  # noqa: PLC0415 (as above)

    try:
        result = build(arguments)(arguments, exit_on_error=False, result_action="return_value")
    except CycloptsError as wrong:  # printed for people already
        return _refused(str(wrong), ExitCode.USAGE, arguments)
    return result if isinstance(result, int) else ExitCode.OK


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments in (["--help"], ["-h"]):
        sys.stdout.write(overview() + "\n")
        return ExitCode.OK
    try:
        return run(arguments)
    except Failure as failure:
        for line in str(failure).splitlines():
            say(f"openspine: {line}")
        return _refused(str(failure), failure.code, arguments)
    except ValueError as wrong:
        lines = misconfigured.said(wrong)
        if lines is None:
            raise
        for line in lines:
            say(f"openspine: {line}")
        return _refused("; ".join(lines), ExitCode.UNSAFE, arguments)
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells expect


def _refused(why: str, code: ExitCode, arguments: Sequence[str]) -> ExitCode:
    if "--json" in arguments:
        hand_over({"ok": False, "error": why, "code": int(code)}, as_json=True)
    return code


def _function(path: str) -> Callable[..., object]:
    module, _, name = path.partition(":")
    function: Callable[..., object] = getattr(importlib.import_module(module), name)
    return function


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 (only --version needs it)

    return version("openspine")


if __name__ == "__main__":
    sys.exit(main())
