"""The steps of an exercise for home, from its dose: hold, let go, change sides, rest. Pure."""

from collections.abc import Iterator
from typing import Final

from dashboard.api.papers import HomeExercise
from dashboard.components.timer import Step
from dashboard.format import Formatter

READY_S: Final = 5  # to get into the position
LET_GO_S: Final = 4  # between two holds
CHANGE_S: Final = 8  # to turn over
MINUTE_S: Final = 60


def steps(home: HomeExercise, show: Formatter) -> list[Step]:
    """List the steps in their order."""
    exercise = home.exercise
    if exercise.minutes:
        return [Step(words=show.say("Go"), where="", seconds=exercise.minutes * MINUTE_S)]
    found = [Step(words=show.say("Get ready"), where="", seconds=READY_S)]
    for number in range(1, home.sets + 1):
        if number > 1 and exercise.rest_s:
            found.append(Step(words=show.say("Rest"), where="", seconds=round(exercise.rest_s)))
        found += _set(home, number, show)
    return found


def dose_words(home: HomeExercise, show: Formatter) -> str:
    """Say the dose in one short sentence."""
    exercise = home.exercise
    if exercise.minutes:
        return show.say("{count} minutes", count=exercise.minutes)
    said = [show.say("{count} times", count=home.reps)]
    if home.hold_s:
        said.append(show.say("hold for {count} seconds", count=round(home.hold_s)))
    if exercise.sided:
        said.append(show.say("each side"))
    if home.sets > 1:
        said.append(show.say("{count} rounds", count=home.sets))
    return show.say(", ").join(said)


def _set(home: HomeExercise, number: int, show: Formatter) -> Iterator[Step]:
    around = show.say("round {number} of {count}", number=number, count=home.sets) if home.sets > 1 else ""
    sides = ("left", "right") if home.exercise.sided else (None,)
    for turn, side in enumerate(sides):
        if turn:
            yield Step(words=show.say("Change sides"), where="", seconds=CHANGE_S)
        named = show.say("{side} side", side=show.word(side)) if side else ""
        yield from _repetitions(home, (named, around), show)


def _repetitions(home: HomeExercise, place: tuple[str, str], show: Formatter) -> Iterator[Step]:
    if not home.hold_s:
        words = show.say("{count} times, at your own pace", count=home.reps)
        yield Step(words=words, where=_where(*place, show=show), seconds=0)
        return
    for repetition in range(1, home.reps + 1):
        if repetition > 1:
            yield Step(words=show.say("Let go"), where=_where(*place, show=show), seconds=LET_GO_S)
        count = show.say("{number} of {count}", number=repetition, count=home.reps)
        yield Step(
            words=show.say("Hold still"),
            where=_where(place[0], count, place[1], show=show),
            seconds=round(home.hold_s),
        )


def _where(*parts: str, show: Formatter) -> str:
    return show.say(", ").join(part for part in parts if part)
