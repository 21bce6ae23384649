"""A person's history under another policy or other limits: every logged question asked once more.

One step at a time (`compare`): what a set was given beside what it would have been given from the *same
facts up to then*. How the body would have answered another dose, nobody knows; a simulated `course` goes on
from the answers that the belief expects instead, and is labelled so.
"""

from ml.whatif.change import Change, OtherLimits
from ml.whatif.compare import compare
from ml.whatif.course import simulate
from ml.whatif.steps import DoneSet, Given, Step
from ml.whatif.totals import Comparison, Totals

__all__ = ["Change", "Comparison", "DoneSet", "Given", "OtherLimits", "Step", "Totals", "compare", "simulate"]
