"""My balance: what was trained, and how the sides compare, in words."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.api.balance import Balance, Pair, Ratio, read_balance
from dashboard.charts.body import body_svg, sets_by_muscle, work_shades
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own import functional
from dashboard.views.own.around import own

SIGNS: Final = {  # of a verdict; colour never alone
    "inside_error": ":green[:material/check_circle:]",
    "inside_own_range": ":green[:material/check_circle:]",
    "watch": ":gray[:material/visibility:]",
    "confirmed": ":gray[:material/balance:]",
    "outside_own_range": ":gray[:material/visibility:]",
}
UNKNOWN: Final = ":gray[:material/hourglass_empty:]"
WEEKS: Final = 4  # looked back
FIGURE_PX: Final = 560  # at most; on a phone as wide as the page
PARTS: Final = {  # what everybody calls it, and its muscles as the machine catalogue names them
    "Neck": ("semispinalis", "splenius", "scalenes", "sternocleidomastoid"),
    "Upper back": ("latissimus", "rhomboids", "trapezius"),
    "Lower back": ("erectors", "multifidus", "quadratus lumborum", "rotatores"),
    "Belly": ("rectus abdominis", "obliques"),
    "Hips and buttocks": ("gluteus maximus", "gluteus medius", "gluteus minimus"),
    "Thighs": ("quadriceps", "hamstrings"),
}
OTHER: Final = {"left": "right", "right": "left"}


def page(screen: Screen) -> None:
    """Show the balance of the person who has signed in."""
    show = screen.show
    patient = own(screen, "mybalance", "My balance")
    if patient is None:
        return
    balance = read_balance(screen.client, patient)
    if isinstance(balance, Failure):
        show_failure(balance, show)
        return
    if balance.pairs or balance.ratios:
        _figure(balance, show)
        _words(balance, show)
    else:
        show_empty(
            "We cannot compare your sides yet.", "After a few visits on machines with two sides we can.", show
        )
    functional.tile(screen, patient)


def trained_words(sets: Mapping[str, int], show: Formatter) -> list[str]:
    """Say which parts of the body had work lately, and which had none."""
    worked = [show.say(part) for part, muscles in PARTS.items() if any(sets.get(each) for each in muscles)]
    rested = [show.say(part) for part in PARTS if show.say(part) not in worked]
    found = []
    if worked:
        found.append(show.say("Trained: {parts}", parts=show.say(", ").join(worked)))
    if rested:
        found.append(show.say("Not trained lately: {parts}", parts=show.say(", ").join(rested)))
    return found


def _figure(balance: Balance, show: Formatter) -> None:
    """Show front and back of the body with what was trained in the last four weeks."""
    st.subheader(show.say("What you trained in the last four weeks"), anchor=False)
    sets = sets_by_muscle(balance.trained, weeks=WEEKS)
    lines = trained_words(sets, show)
    st.image(body_svg(work_shades(sets, weeks=WEEKS), show), width=FIGURE_PX, alt=" ".join(lines))
    for line in lines:
        st.markdown(line)
    st.subheader(show.say("Your sides"), anchor=False)


def pair_words(pair: Pair, show: Formatter) -> str:
    """Say how left and right compare."""
    if pair.verdict == "inside_error":
        return show.say("Left and right are alike, as far as we can measure.")
    if pair.verdict == "watch":
        return show.say("One side looks a little stronger. It may be chance: we look again.")
    if pair.verdict == "confirmed" and pair.difference_pct is not None:
        strong = "right" if pair.difference_pct > 0 else "left"
        return show.say(
            "The {strong} side is stronger. The {weak} side may get a little more work.",
            strong=show.word(strong).lower(),
            weak=show.word(OTHER[strong]).lower(),
        )
    return show.say("We do not know yet: a few more visits on both sides.")


def ratio_words(ratio: Ratio, show: Formatter) -> str:
    """Say how front and back compare with the person's own past."""
    if ratio.verdict == "inside_own_range":
        return show.say("Front and back are as they were for you before.")
    if ratio.verdict == "outside_own_range":
        return show.say("Front and back are a little different from before. Your therapist looks at it.")
    return show.say("We do not know yet: a few more visits on both machines.")


def _words(balance: Balance, show: Formatter) -> None:
    for pair in balance.pairs:
        _line(show.word(pair.kind), pair.verdict, pair_words(pair, show))
    for ratio in balance.ratios:
        _line(show.say("Belly and back"), ratio.verdict, ratio_words(ratio, show))
    st.caption(
        show.say("Everybody has small differences between the sides. They do not tell where pain comes from.")
    )


def _line(name: str, verdict: str, words: str) -> None:
    with st.container(border=True):
        st.markdown(f"{SIGNS.get(verdict, UNKNOWN)} **{name}**  \n{words}")
