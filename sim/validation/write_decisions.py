"""`python -m sim.validation.write_decisions` writes the page of decisions in docs/validation anew.

The page and its numbers alone, in minutes: `tiercurve validate` writes them with all others.
"""

from pathlib import Path

from sim.validation import decisions, multiplier, report
from sim.validation.validation import origin


def main(folder=Path(__file__).parents[2] / "docs" / "validation"):
    """Run the decisions and the multiplier, and write page and numbers into a folder."""
    report.write_decisions(folder, decisions.run(), multiplier.run(), False, origin())


if __name__ == "__main__":
    main()
