"""A validation as text for a terminal."""

import math

from sim import report
from sim.records.words import percent


def text(found):
    """Tables of checks, intervals and patterns, and what fails."""
    return "\n".join(
        (
            "Verification: worlds whose answer is known",
            *report.grid(
                ("", "check", "expected", "found", "unit"), [_check(one) for one in found.checks]
            ),
            "",
            "Coverage: how often intervals hold, of runs of three people for four weeks",
            *report.grid(
                ("", "interval", "output", "design", "nominal", "held"),
                [_coverage(one) for one in found.coverage],
            ),
            "",
            "Patterns: published findings against the whole posterior",
            *report.grid(
                ("", "pattern", "kind", "passes from", "to", "median", "low", "high", "unit"),
                [_pattern(one) for one in found.patterns],
            ),
            "",
            verdict(found),
        )
    )


def verdict(found):
    """In one sentence or a few lines: whether verification holds."""
    missed = sum(not p.passed for p in found.patterns)
    limits = sum(not c.passed for c in found.coverage) if found.passed else 0
    if found.passed:
        return (
            f"Verification holds; {limits} intervals miss for reasons that are known; "
            f"{missed} of {len(found.patterns)} patterns are missed."
        )
    return "Verification fails:\n" + "\n".join(f"- {line}" for line in found.failures)


def word(passed):
    return "ok" if passed else "MISS"


def with_error(value, error):
    """A number with its standard error, in two figures, to the same step; alone where exact."""
    if not error > 0:
        return f"{value:.4g}"
    places = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:,.{places}f} ± {error:.{places}f}".replace("-", "−")


def _check(c):
    return (word(c.passed), c.claim, f"{c.expected:.4g}", with_error(c.found, c.std_error), c.unit)


def _coverage(c):
    held = f"{100 * c.held:.1f}%"
    return (
        word(c.passed), c.interval, c.output, f"{c.draws} x {c.luck}", percent(c.nominal), held,
    )  # fmt: skip


def _pattern(p):
    numbers = (*p.pattern.passes, p.median, p.low, p.high)
    return (word(p.passed), p.pattern.name, p.pattern.kind, *map(number, numbers), p.pattern.unit)


def number(value):
    """A number in three figures, with words for what has none."""
    if value in (float("inf"), float("-inf")):
        return "any"
    return "undefined" if value != value else f"{value:.3g}"
