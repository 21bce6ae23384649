"""How often a person's effort bands may miss: a level that follows what is seen (Gibbs, Candes 2021, eq. 2).

Whether a band held is known only where the truth is: after a tempo break, or when the person says that
nothing was left. Then reps in reserve were none, and a band that begins above none has missed. Bands of one
person are so held to the usual rate of misses among those sets; the upper end of a band is never tested.
A band that held brings the level back to the usual one and no further: few sets tell, and people who never
fail would end with bands too narrow for the sets that do not tell.
"""

from typing import Final

USUAL_LEVEL: Final = 0.2  # 80 % bands
ADAPTATION = 0.02  # gain of the adaptive level (Gibbs and Candes 2021; science 4)
LEVEL_BOUNDS = (0.05, USUAL_LEVEL)  # no narrower than what was calibrated


def adapted(level: float, *, missed: bool) -> float:
    """Move the level after one band whose truth is known; a miss makes later bands wider."""
    low, high = LEVEL_BOUNDS
    return min(max(level + ADAPTATION * (USUAL_LEVEL - (1.0 if missed else 0.0)), low), high)
