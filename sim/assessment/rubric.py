"""How to rate a level of expertise from pieces of work, without asking for a title.

The study rates a session by three co-equal signals in its transcript: how precisely
the task is framed, which verification is asked for, and who corrects whom. It prints no
observable steps for them. The steps below are this project's operationalisation: an
assumption, not the study's instrument.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sim.errors import AssessError, is_int_or_float
from sim.scenario import LEVELS

SIGNALS = {
    "framing": (
        "precision of framing",
        "states a wish; what would count as done is missing",
        "names what to change, not where or within which limits",
        "states goal, place and a limit; the rest has to be asked for",
        "states goal, place, limits, and how the result will be judged",
        "also names the likeliest failure and why this approach was chosen",
    ),
    "verification": (
        "type of verification asked",
        "asks for none and takes the answer as it comes",
        "asks that it runs once, and looks whether it seems right",
        "asks for a test or an example whose result is known",
        "asks for tests of edge cases and of what worked before, and reads them",
        "asks for evidence aimed at the weakest point: an attack, a load, a second method",
    ),
    "correction": (
        "direction of correction",
        "is corrected; faults pass unnoticed",
        "says that it fails, not where or why",
        "points to where it fails; the cause is found by the other side",
        "names cause and remedy, mostly before the other side does",
        "sees a wrong direction before it fails, and turns it with a reason",
    ),
}
METHOD = (
    "Take five or so recent pieces of work of one kind of work. Leave titles, pay and years out.",
    "Two raters rate each piece apart, one step of 1 to 5 on each signal.",
    "A piece's level is the median of its three signals; take the median over the pieces.",
    "Where raters differ by two levels or more, read the piece together and rate again.",
    "Rate each kind of work apart: expertise belongs to the task, and differs within a person.",
    "Enter how many people there are at each level in [team]. Names are not stored.",
)


@dataclass(frozen=True)
class Rubric:
    """Five levels by three signals, and how to use them.

    signals  name -> (title, what is seen at level 1, ..., at level 5)
    method   how to rate, a sentence each
    note     what it is, and what it is not
    """

    signals: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(SIGNALS))
    method: tuple[str, ...] = METHOD
    note: str = (
        "The three signals are the study's; the steps are this project's own and an assumption. "
        "It is not about seniority, and it is for counts of a team, not for judging a person."
    )

    def level(self, pieces: Iterable[tuple[float, float, float]]) -> float:
        """Level that rated pieces of work give: the median over pieces of their medians.

        pieces : (framing, verification, correction) of each, 1 to 5
        """
        rated = [tuple(piece) for piece in pieces]
        if not rated:
            raise AssessError("pieces: needs one rated piece of work at least")
        for number, piece in enumerate(rated, 1):
            good = len(piece) == 3 and all(_is_step(step) for step in piece)
            if not good:
                text = f"piece {number} = {piece}: must be three numbers from 1 to 5"
                raise AssessError(text)
        return float(median(median(piece) for piece in rated))

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        signals = {
            name: {"title": steps[0], "levels": dict(zip(LEVELS, steps[1:], strict=True))}
            for name, steps in self.signals.items()
        }
        return {"signals": signals, "method": list(self.method), "note": self.note}


def _is_step(step: Any) -> bool:
    return is_int_or_float(step) and 1 <= step <= 5  # nan and inf are not
