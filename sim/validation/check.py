"""The record of one verification check: what the model must give, and what it gave."""

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

LIMIT = 4.0  # standard errors that a mean may be off
ROUNDING = 1e-6  # relative, of sums that are exact but for floating-point numbers

WORDS = tomllib.loads(files("sim.validation").joinpath("checks.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Check:
    """A number known from theory, beside the one that the simulation gives.

    group     what sort of check it is
    claim     sentence that is true if the check passes
    formula   where the expected number comes from, as text
    expected  that number
    found     what worlds of the real engine gave
    std_error of `found`; 0 where it must be exact
    allowed   how far `found` may be off, beside LIMIT standard errors; 0 unless it rounds
    unit      of both numbers
    worlds    how many worlds were run
    """

    group: str
    claim: str
    formula: str
    expected: float
    found: float
    std_error: float
    unit: str
    worlds: int
    allowed: float = 0.0

    @property
    def tolerance(self):
        """How far `found` may be from `expected`, in their unit."""
        return LIMIT * self.std_error + self.allowed

    @property
    def passed(self):
        """Whether it is no farther; false for NaN."""
        return bool(abs(self.found - self.expected) <= self.tolerance)


def check_of(key, expected, found, std_error, worlds, allowed=0.0, **words):
    """A Check in the words of `checks.toml`, filled in with `words`."""
    texts = {name: text.format(**words) for name, text in WORDS[key].items()}
    return Check(
        **texts, expected=float(expected), found=float(found), std_error=float(std_error),
        worlds=worlds, allowed=allowed,
    )  # fmt: skip


def mean_check(key, expected, values, **words):
    """A Check of a mean over independent worlds' values (n,)."""
    values = np.asarray(values, float)
    error = values.std(ddof=1) / math.sqrt(len(values))
    return check_of(key, expected, values.mean(), error, len(values), **words)


def variance_check(key, expected, values, **words):
    """A Check of a variance; its standard error by the fourth moment of values (n,)."""
    values = np.asarray(values, float)
    variance = float(values.var(ddof=1))
    fourth = float(((values - values.mean()) ** 4).mean())
    error = math.sqrt(max(fourth - variance**2, 0.0) / len(values))
    return check_of(key, expected, variance, error, len(values), **words)


def exact_check(key, expected, found, worlds, allowed=0.0, **words):
    """A Check of a number without chance, so with no standard error."""
    return check_of(key, expected, found, 0.0, worlds, allowed, **words)
