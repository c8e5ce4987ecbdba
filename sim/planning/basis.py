"""What an answer of the planning page rests on: measured, assumed, and the person's own numbers."""

from sim.parameters import register
from sim.records.words import capital, number, parameters
from sim.scenario import Scenario

KINDS = {"study": "measured", "published": "measured", "assumption": "assumed", "you": "yours"}
SHARE = "share"


def basis(plan: Scenario) -> dict[str, list[dict[str, str]]]:
    """Numbers that a plan uses by what stands behind them: "measured", "assumed", "yours".

    Each a list of rows: `name` in words, `value` with its 90% range and unit, `why`.
    """
    from sim.assessment.assumptions import beliefs  # late: pandas is slow to import

    found: dict[str, list[dict[str, str]]] = {"measured": [], "assumed": [], "yours": []}
    for belief in beliefs(plan):
        found[KINDS[belief.source]].append(
            {
                "name": capital(parameters()[belief.name]),
                "value": _value(belief.central, belief.low, belief.high, belief.unit),
                "why": "" if belief.source == "you" else register()[belief.name].reasoning,
            }
        )
    return found


def _value(central: float, low: float, high: float, unit: str) -> str:
    """A number with its 90% range: 37% (20% to 54%) of paid hours."""
    if unit.startswith(SHARE):
        of = unit.removeprefix(SHARE).strip()
        texts = [
            f"{value:.0%}" if value >= 0.1 else f"{value:.1%}" for value in (central, low, high)
        ]
    else:
        of, texts = unit, [number(value) for value in (central, low, high)]
    span = "" if low == high else f" ({texts[1]} to {texts[2]})"
    return f"{texts[0]}{span} {of}".strip()
