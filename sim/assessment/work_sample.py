"""What a sample of labelled tickets says: share of advanced work, agreement, sizes.

One rater: with a of n tickets advanced and Jeffreys' prior, the share is
Beta(a + 1/2, n - a + 1/2).

Two raters: nobody knows how a disputed ticket would be settled, and both raters may
err in one direction. The number of advanced tickets is therefore any of those from
"all disputes are average" to "all are advanced", each as likely, and the share is the
mixture of the Beta distributions they give. It holds both raters' own answers,
narrows to the rule for one rater where they agree, and does not narrow with more
tickets below what they dispute. Tickets with one label of the two are disputed as often as
tickets with both. A misreading that both share is not seen.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.assessment import work_file
from sim.assessment.work_file import CLASSES, Tickets

ENOUGH_SIZES = 8  # tickets of a class before its sizes are offered to the scenario
WIDEST = 0.5  # an interval wider than half the scale does not tell mostly average from mostly not
Z = 1.959963984540054  # 97.5% point of the standard normal
GRID = 200  # most steps in the number of advanced tickets that are summed over


@dataclass(frozen=True)
class Share:
    """Share of advanced work among tickets, in [0, 1].

    n          tickets
    low_count, high_count  fewest and most tickets that may be advanced
    value      middle of the two over n
    low, high  95% interval; from 0, or up to 1, one-sided where one class only was seen
    p5, p95    5% and 95% points of the same belief, as scenarios state a range
    """

    n: int
    low_count: float
    high_count: float
    value: float
    low: float
    high: float
    p5: float
    p95: float

    @property
    def width(self) -> float:
        """Width of the 95% interval, in shares."""
        return self.high - self.low


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree on the tickets both labelled.

    n                      tickets with two labels
    raw, raw_low, raw_high share with equal labels, 95% interval (Jeffreys)
    kappa, ...             agreement beyond chance, 95% interval; None where both raters
                           used one word only, so that chance alone would agree
    """

    n: int
    raw: float
    raw_low: float
    raw_high: float
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None


@dataclass(frozen=True)
class Sizes:
    """Sizes of one class's tickets, read as lognormal [expert-h], with 95% intervals.

    n         tickets with usable hours
    median, median_low, median_high  [expert-h]; exp of the mean log, by Student's t
    sigma, sigma_low, sigma_high     standard deviation of ln hours, by chi square
    """

    n: int
    median: float
    median_low: float
    median_high: float
    sigma: float
    sigma_low: float
    sigma_high: float


@dataclass(frozen=True)
class WorkSample:
    """A team's own measure of its work.

    name       of the file
    share      of advanced work
    by_rater   each rater's own share, taken alone
    agreement  of two raters; None with one
    sizes      class -> Sizes, for classes with two tickets or more with usable hours
    left_out   what was met in the file and not used: reason -> count
    settled    how numbers of the file were read: sentences
    """

    name: str
    share: Share
    by_rater: tuple[Share, ...]
    agreement: Agreement | None
    sizes: dict[str, Sizes]
    left_out: dict[str, int]
    settled: tuple[str, ...] = ()

    @property
    def informative(self) -> bool:
        """Whether the interval tells mostly average work from mostly advanced work."""
        return self.share.width <= WIDEST

    @property
    def tickets_to_halve(self) -> int | None:
        """Further tickets that would halve the 95% interval; None where none would.

        At the same shares of labels; disputes are a width that tickets do not remove.
        """
        return _to_halve(self.share)

    def to_toml(self, number: bool = False) -> str:
        """Lines for a scenario file: the share as a range, or as one number, and the sizes."""
        s = self.share
        low, high = _inside(s.p5, s.p95)
        about = f"measured: {s.n:,} tickets, 95% interval {s.low:.3g} to {s.high:.3g}"
        if number:
            share = f"advanced_share = {_plain(s.value)}  # {about}"
        else:
            span = f"{{ logitnormal = [{low}, {high}] }}"
            share = f"advanced_share = {span}  # 5% and 95% points; {about}"
        return "\n".join(("[tasks]", share, *(self._size(name) for name in self.sizes)))

    def _size(self, name: str) -> str:
        s = self.sizes[name]
        if s.n < ENOUGH_SIZES:
            return f"# {name}: {s.n} tickets with hours, too few for a size ({ENOUGH_SIZES} needed)"
        return (
            f'{name} = {{ size = "lognormal", median_hours = {_plain(s.median)}, '
            f"sigma = {_plain(s.sigma)} }}  # measured: {s.n:,} tickets, 95% intervals "
            f"{s.median_low:.3g} to {s.median_high:.3g} h, {s.sigma_low:.3g} to {s.sigma_high:.3g}"
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data; what is not defined is None."""
        return {
            "file": self.name,
            "advanced_share": vars(self.share),
            "by_rater": [vars(share) for share in self.by_rater],
            "agreement": vars(self.agreement) if self.agreement else None,
            "sizes": {name: vars(sizes) for name, sizes in self.sizes.items()},
            "left_out": self.left_out,
            "settled": list(self.settled),
            "tickets_to_halve_the_interval": self.tickets_to_halve,
            "distribution": {"logitnormal": list(_inside(self.share.p5, self.share.p95))},
            "toml": self.to_toml(),
            "toml_number": self.to_toml(number=True),
        }


def measure(work: "str | Path | Tickets") -> WorkSample:
    """What a file of labelled tickets says of the team's work.

    Raises AssessError, one line, where the file cannot be used.
    """
    tickets = work if isinstance(work, Tickets) else work_file.read(work)
    first, second = tickets.labels[:, 0], tickets.labels[:, 1]
    table = _table(first, second)
    left_out = {
        "rows without a label": tickets.unlabelled,
        "labels that are neither word": tickets.unreadable,
        "rows that repeat a ticket": tickets.repeated,
        "hours that are not above 0 and at most 10,000": tickets.bad_hours,
    }
    return WorkSample(
        tickets.name,
        share_of(*_counts(table, first, second), len(first)),
        tuple(_alone(labels) for labels in (first, second) if (labels >= 0).any()),
        agreement_of(table) if table.sum() else None,
        _sizes(tickets),
        {reason: count for reason, count in left_out.items() if count},
        tickets.settled,
    )


def _alone(labels: np.ndarray) -> Share:
    """The share that one rater's labels give."""
    return share_of((labels == 1).sum(), (labels == 1).sum(), int((labels >= 0).sum()))


def _table(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Tickets with two labels, counted (2, 2): first rater's class, then the second's."""
    return np.array([[((first == i) & (second == j)).sum() for j in (0, 1)] for i in (0, 1)])


def _counts(table: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Fewest and most advanced tickets, as the disputes are settled."""
    (average, one), (other, advanced) = table.tolist()
    disputed = one + other
    alone = np.where(first < 0, second, first)[(first < 0) | (second < 0)]
    up, down = int((alone == 1).sum()), int((alone == 0).sum())
    doubt_up = disputed / (2 * advanced + disputed) if disputed else 0.0
    doubt_down = disputed / (2 * average + disputed) if disputed else 0.0
    low = advanced + up * (1 - doubt_up)
    return low, advanced + disputed + up + down * doubt_down


def share_of(low_count: float, high_count: float, n: int) -> Share:
    """The belief about the share of advanced work.

    low_count, high_count : fewest and most of the n tickets that may be advanced
    """
    low_count, high_count = float(low_count), float(high_count)
    points = [quantile(low_count, high_count, n, q) for q in (0.025, 0.05, 0.95, 0.975)]
    low, high = points[0], points[3]
    if high_count == 0:  # one class only: all the doubt lies on one side
        low, high = 0.0, points[2]
    if low_count == n:
        low, high = points[1], 1.0
    middle = (low_count + high_count) / 2 / n
    return Share(n, low_count, high_count, middle, low, high, points[1], points[2])


def quantile(low_count: float, high_count: float, n: float, q: float) -> float:
    """Value below which a share q of the belief lies: of Beta, or of a mixture of them."""
    from scipy import special  # late: slow to import

    steps = min(GRID, math.ceil(high_count - low_count))
    counts = np.linspace(low_count, high_count, steps + 1)
    a, b = counts + 0.5, n - counts + 0.5
    ends = special.betaincinv(a[[0, -1]], b[[0, -1]], q)
    if steps == 0:
        return float(ends[0])
    from scipy.optimize import brentq

    return float(
        brentq(lambda x: special.betainc(a, b, x).mean() - q, *ends, xtol=1e-15, rtol=1e-12)
    )


def _to_halve(share: Share) -> int | None:
    def width(factor: float) -> float:
        low, high, n = (factor * x for x in (share.low_count, share.high_count, share.n))
        if share.high_count == 0:
            return quantile(low, high, n, 0.95)
        if share.low_count == share.n:
            return 1 - quantile(low, high, n, 0.05)
        return quantile(low, high, n, 0.975) - quantile(low, high, n, 0.025)

    few, many = 1.0, 1000.0
    if width(many) > share.width / 2:
        return None
    for _ in range(40):
        middle = math.sqrt(few * many)
        few, many = (few, middle) if width(middle) <= share.width / 2 else (middle, many)
    return math.ceil((many - 1) * share.n)


def agreement_of(table: np.ndarray) -> Agreement:
    """Raw agreement and Cohen's kappa of a table (2, 2) of counts.

    kappa's interval uses the large-sample error of Fleiss, Cohen and Everitt (1969) on
    the table with a half added to each cell, so that a small sample in full agreement
    is not called certain; it always holds kappa itself.
    """
    from scipy import special  # late: slow to import

    n, same = int(table.sum()), int(np.trace(table))
    raw_low, raw_high = special.betaincinv(same + 0.5, n - same + 0.5, [0.025, 0.975])
    value, _ = kappa(table)
    low = high = None
    if value is not None:
        centre, error = kappa(table + 0.5)
        low = max(-1.0, min(value, centre - Z * error))
        high = min(1.0, max(value, centre + Z * error))
    return Agreement(n, same / n, float(raw_low), float(raw_high), value, low, high)


def kappa(table: np.ndarray) -> tuple[Any, Any]:
    """Cohen's kappa of a table of counts, and its standard error; (None, None) if undefined.

    Source: Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72(5), 323-327.
    """
    n = table.sum()
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, expected = float(np.trace(p)), float(rows @ columns)
    if expected >= 1:
        return None, None
    miss = 1 - observed
    variance = (
        observed * miss / (1 - expected) ** 2
        + 2 * miss * (2 * observed * expected - np.diag(p) @ (rows + columns))
        / (1 - expected) ** 3
        + miss**2 * ((p * (columns[:, None] + rows[None, :]) ** 2).sum() - 4 * expected**2)
        / (1 - expected) ** 4
    ) / n  # fmt: skip
    return (observed - expected) / (1 - expected), math.sqrt(max(0.0, float(variance)))


def _sizes(tickets: Tickets) -> dict[str, Sizes]:
    """Sizes by class; disputed tickets belong to none."""
    first, second = tickets.labels[:, 0], tickets.labels[:, 1]
    agreed = np.where((first == second) | (second < 0), first, np.where(first < 0, second, -1))
    given = ~np.isnan(tickets.hours)
    by_class = {
        name: tickets.hours[given & (agreed == place)] for place, name in enumerate(CLASSES)
    }  # fmt: skip
    return {name: sizes_of(hours) for name, hours in by_class.items() if len(hours) > 1}


def sizes_of(hours: np.ndarray) -> Sizes:
    """Median and spread of lognormal sizes; hours (n,) expert-h, n >= 2."""
    from scipy import special  # late: slow to import

    logs, n = np.log(hours), len(hours)
    mean, sigma = float(logs.mean()), float(logs.std(ddof=1))
    half = float(special.stdtrit(n - 1, 0.975)) * sigma / math.sqrt(n)
    low, high = (
        sigma * math.sqrt((n - 1) / special.chdtri(n - 1, tail)) for tail in (0.025, 0.975)
    )
    return Sizes(
        n, math.exp(mean), math.exp(mean - half), math.exp(mean + half), sigma, low, high
    )  # fmt: skip


def _inside(low: float, high: float) -> tuple[float, float]:
    """Two points strictly between 0 and 1 in rising order, in as few digits as keep them so."""
    gap = min(low, 1 - high, high - low)
    digits = max(3, 1 - math.floor(math.log10(gap)))
    return round(low, digits), round(high, digits)


def _plain(x: float) -> float:
    """A number in four figures, as TOML writes it."""
    return float(f"{x:.4g}")
