"""Designs: which points a sweep visits, as values of dotted paths.

A point sets the same paths as every other point of its design, each to a value of its
own: a number, a word, a truth value, or whatever else a scenario file may state there.
"""

import hashlib
import itertools
import json
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from sim.errors import SweepError, TicketError, count, is_int_or_float, is_whole, shown

MOST_POINTS = 1_000_000
MOST_NUMBER = 1e300
LONGEST_PATH = 200  # of a column's name [characters]


@dataclass(frozen=True, eq=False, repr=False)
class Design:
    """Points of a sweep, in the order they are run.

    kind     "factorial", "zipped", "latin", "sobol", "table", "mixtures" or "swaps"
    factors  dict, dotted path -> list of values, one a point

    Raises SweepError, one line, where there is no point, or a point twice.
    """

    kind: str
    factors: dict

    def __post_init__(self):
        if not self.factors:
            raise SweepError("a sweep needs one factor at least, such as 'team.novice'")
        for path, values in self.factors.items():
            if not isinstance(path, str) or not path:
                raise SweepError(f"{path!r}: a factor must be a dotted path such as 'team.novice'")
            if not len(values):
                raise SweepError(f"{path}: no values")
        if len(self) > MOST_POINTS:
            raise SweepError(f"{len(self):,} points: must be {MOST_POINTS:,} or fewer")
        seen: dict[str, int] = {}
        for i in range(len(self)):
            before = seen.setdefault(key(self.point(i)), i)
            if before != i:
                same = in_words(self.point(i))
                raise SweepError(f"points {before + 1} and {i + 1} are the same: {same}")

    def __len__(self):
        return len(next(iter(self.factors.values())))

    def point(self, i):
        """Values of point i: dotted path -> value."""
        return {path: values[i] for path, values in self.factors.items()}

    def some(self, most):
        """Places of so many points spread evenly, and of the ends of each factor of numbers."""
        chosen = (
            {i * len(self) // most for i in range(most)} if len(self) > most else range(len(self))
        )
        ends = (
            end(range(len(self)), key=values.__getitem__)
            for values in self.factors.values()
            if all(map(is_int_or_float, values))
            for end in (min, max)
        )
        return sorted({*chosen, *ends})

    def __repr__(self):
        return f"<Design {self.kind}: {len(self)} points of {', '.join(self.factors)}>"


class Alone:
    """The one point of a plan that nothing is changed of, as a Design."""

    kind = "alone"
    factors: ClassVar[dict] = {}

    def __len__(self):
        return 1

    def point(self, i):
        return {}


def key(values):
    """Identity of a point, equal for equal points: 2 and 2.0 are one value, true and 1 are not.

    Numbers that differ after the twelfth figure are one: 0.1 + 0.2 is 0.3.
    """
    return json.dumps({path: _same(value) for path, value in values.items()}, sort_keys=True)


def identity(values):
    """`key` as a short hash: str of 16 hexadecimal digits."""
    return hashlib.sha256(key(values).encode()).hexdigest()[:16]


def _same(value):
    if isinstance(value, dict):
        return {name: _same(below) for name, below in value.items()}
    if isinstance(value, list):
        return [_same(below) for below in value]
    return float(f"{value:.12g}") if is_int_or_float(value) else value


def in_words(values):
    """Values of a point in words: "team.novice = 2, tool.profile = none"."""
    return ", ".join(f"{path} = {value}" for path, value in values.items())


def factorial(factors):
    """Every combination of the values listed; the last factor changes fastest.

    factors : dict, dotted path -> values (a list, range or array)
    """
    levels = {path: listed(path, values) for path, values in _checked(factors).items()}
    count = math.prod(len(values) for values in levels.values())
    if count > MOST_POINTS:
        raise SweepError(f"{count:,} points: must be {MOST_POINTS:,} or fewer")
    columns = zip(*itertools.product(*levels.values()), strict=True)
    return Design("factorial", {path: list(c) for path, c in zip(levels, columns, strict=True)})


def zipped(factors):
    """Points that change all factors in step: their first values, then their second ones."""
    levels = {path: _values(path, values) for path, values in _checked(factors).items()}
    lengths = {path: len(values) for path, values in levels.items()}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{path} has {n}" for path, n in lengths.items())
        raise SweepError(f"zipped factors must have as many values each: {counts}")
    return Design("zipped", levels)


def table(rows):
    """The points a table lists: a DataFrame or a CSV file, a column a dotted path."""
    if isinstance(rows, (str, Path)):
        return _table_of(_file(Path(rows)))
    for path in map(str, rows.columns):
        _check_path(path)
    if rows.isna().any(axis=None):
        path = rows.columns[rows.isna().any()][0]
        line = int(rows[path].isna().to_numpy().argmax()) + 1
        raise SweepError(f"{path}: row {line} of the table is empty")
    return _table_of({str(path): rows[path].tolist() for path in rows.columns})


def _table_of(columns):
    return Design("table", {path: _values(path, values) for path, values in columns.items()})


def _check_path(path):
    if not path.isprintable() or len(path) > LONGEST_PATH or not path:
        raise SweepError(f"column {path[:40]!r} of the table: must be named by a dotted path")


def _file(path):
    """Columns of a file of points: dotted paths, and values as numbers, truth values or words."""
    from sim.exports import table as tables  # late: slow to import

    try:
        content = tables.read(path, (), lambda headers: range(len(headers)))
        named = [column for column in content.columns if column.header or any(column.texts)]
        for column in named:
            _check_path(column.header)
        if twice := [c.header for c in named if sum(o.header == c.header for o in named) > 1]:
            raise SweepError(f"{path}: column '{twice[0]}': there are two of it")
        return {column.header: _column(path.name, column) for column in named}
    except TicketError as error:
        reason = str(error).removeprefix(f"{path.name}: ").removeprefix("cannot be read: ")
        raise SweepError(f"{path}: cannot be read as a table ({reason})") from None


def _column(name, column):
    """Values of one column: numbers if all of it are, else truth values, else words."""
    from sim.exports import numbers

    empty = column.map(lambda text: text.lower() in ("", "nan"), bool)
    if empty.any():
        raise SweepError(f"{column.header}: row {int(empty.argmax()) + 1} of the table is empty")
    if all(text.lower() in ("true", "false") for text in column.texts):
        return [text.lower() == "true" for text in _each(column, column.texts)]
    if not any(_is_number(text) for text in column.texts):
        return _each(column, column.texts)
    # A point is a decimal one, as in every plan, unless a comma in the column says otherwise.
    stated = None if any("," in text for text in column.texts) else "."
    number, _ = numbers.reader(name, column.header, column.texts, stated, numbers.WRITE_PLAINLY)
    values = [number(text) for text in column.texts]
    if any(map(math.isnan, values)):
        return _each(column, column.texts)
    whole = all(value.is_integer() and abs(value) < 2**53 for value in values)
    return _each(column, [int(value) for value in values] if whole else values)


def _is_number(text):
    return text[:1].isdigit() or text[:1] in "+-.,−"


def _each(column, values):
    return [values[code] for code in column.codes.tolist()]


def latin(factors, points, seed=1):
    """A Latin hypercube: each factor's range in as many slices as points, each used once.

    factors : dict, dotted path -> [low, high] (whole numbers if both are whole), or a list
        of words or truth values, or {"low": a, "high": b}, or {"choices": [...]}
    """
    count("points", points, SweepError, 1, MOST_POINTS)
    from scipy.stats import qmc  # late: slow to import

    names = _checked(factors)
    unit = qmc.LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(points)
    return _spread("latin", names, unit)


def sobol(factors, points, seed=1):
    """Scrambled Sobol points: they fill the ranges evenly, best where points is a power of 2.

    More of them at one seed keep the points there were. Factors as for `latin`; where few
    values are possible a point that comes again is left out.
    """
    count("points", points, SweepError, 1, MOST_POINTS)
    from scipy.stats import qmc  # late: slow to import

    names = _checked(factors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a power of 2 is better, not necessary
        unit = qmc.Sobol(len(names), rng=np.random.default_rng(seed)).random(points)
    return _spread("sobol", names, unit)


def mixtures(parts, total, step=1):
    """Every way to share a total out among parts: teams of one size, shares of one whole.

    parts : list of dotted paths, such as ["team.novice", "team.expert"]
    total, step : number, the sum of the parts and the smallest difference; whole numbers
        (people), or shares such as 1 and 0.1
    """
    if isinstance(parts, str) or len(set(parts)) < 2 or len(set(parts)) != len(parts):
        raise SweepError("mixtures need two different parts at least, as dotted paths")
    for name, value in (("total", total), ("step", step)):
        if not is_int_or_float(value) or not value > 0:
            raise SweepError(f"{name} = {value!r}: must be a number above 0")
    units = round(total / step)
    if units < 1 or abs(units * step - total) > 1e-9 * total:
        raise SweepError(f"total = {total}: shares in steps of {step} cannot sum to it")
    count = math.comb(units + len(parts) - 1, len(parts) - 1)
    if count > MOST_POINTS:
        raise SweepError(f"{count:,} points: must be {MOST_POINTS:,} or fewer")
    columns = zip(*_compositions(units, len(parts)), strict=True)
    whole = isinstance(total, int) and isinstance(step, int)
    scale = (lambda n: n * step) if whole else (lambda n: round(n / units * total, 12))
    return Design(
        "mixtures", {path: [*map(scale, c)] for path, c in zip(parts, columns, strict=True)}
    )


def swaps(plan, give, take, most=None):
    """Swap people one by one: one fewer at `give`, one more at `take`, up to `most` of them.

    plan : Scenario
    give, take : dotted paths of head counts, such as "team.novice" and "team.expert"
    """
    counts = [_at(plan, path) for path in (give, take)]
    for path, people in zip((give, take), counts, strict=True):
        if not is_whole(people):
            raise SweepError(f"{path}: must be the path of a head count, such as 'team.novice'")
    if give == take:
        raise SweepError(f"{give}: cannot be swapped with itself")
    have, there = counts
    most = have if most is None else most
    if not is_whole(most) or not 1 <= most <= have:
        raise SweepError(f"most = {most!r}: must be from 1 to {have}, the people at {give}")
    moved = range(most + 1)
    return Design("swaps", {give: [have - k for k in moved], take: [there + k for k in moved]})


def design_of(factors):
    """A design from whatever a caller may state: a Design, a table, or factors to combine."""
    if isinstance(factors, Design):
        return factors
    if isinstance(factors, Mapping):
        return factorial(factors)
    if isinstance(factors, (str, Path)) or hasattr(factors, "columns"):
        return table(factors)
    kind = type(factors).__name__
    raise SweepError(f"factors must be a dict, a design, a DataFrame or a CSV file, not {kind}")


def listed(path, values):
    """Values of a factor as a list of plain ones; none twice."""
    plain = _values(path, values)
    kept: set[str] = set()
    for value in plain:
        name = key({path: value})
        if name in kept:
            raise SweepError(f"{path}: {value} is listed twice")
        kept.add(name)
    return plain


def _checked(factors):
    if not isinstance(factors, Mapping) or not factors:
        raise SweepError("a sweep needs one factor at least, such as 'team.novice'")
    return factors


def _values(path, values):
    if isinstance(values, (str, Mapping)) or not hasattr(values, "__iter__"):
        raise SweepError(f"{path} = {values!r}: must be a list of values")
    plain = [_plain(path, value) for value in values]
    if not plain:
        raise SweepError(f"{path}: no values")
    return plain


def _plain(path, value):
    value = value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value
    if is_int_or_float(value) and not abs(value) <= MOST_NUMBER:  # written so that nan fails too
        raise SweepError(f"{path}: {shown(value)} is not a value a scenario can have")
    if isinstance(value, Mapping):
        return {str(name): _plain(path, below) for name, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(path, below) for below in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    raise SweepError(f"{path}: {type(value).__name__} is not a value a scenario can have")


def _spread(kind, factors, unit):
    """A design from points (n, factors) of the unit cube; a point that comes again is dropped."""
    columns = {
        path: [*map(_scale(path, spec), unit[:, i].tolist())]
        for i, (path, spec) in enumerate(factors.items())
    }
    rows = zip(*columns.values(), strict=True)
    kept = {key(dict(zip(columns, row, strict=True))): row for row in reversed([*rows])}
    distinct = zip(*reversed(kept.values()), strict=True)
    return Design(kind, {path: list(c) for path, c in zip(columns, distinct, strict=True)})


def _scale(path, spec):
    """Function from a number in [0, 1) to a value of the factor."""
    low, high, choices = _range(path, spec)
    if choices is not None:
        return lambda u: choices[int(u * len(choices))]
    if isinstance(low, int) and isinstance(high, int):
        return lambda u: low + int(u * (high - low + 1))
    return lambda u: low + u * (high - low)


def _range(path, spec):
    if isinstance(spec, Mapping):
        if set(spec) == {"low", "high"}:
            spec = [spec["low"], spec["high"]]
        elif set(spec) == {"choices"}:
            return None, None, listed(path, spec["choices"])
        else:
            raise SweepError(f"{path}: must state low and high, or choices")
    values = listed(path, spec)
    if not all(map(is_int_or_float, values)):
        return None, None, values
    if len(values) != 2 or not values[0] < values[1]:
        raise SweepError(f"{path} = {values}: must be [low, high], or choices stated as such")
    return (*values, None)


def _compositions(total, parts):
    """Whole numbers that sum to the total, in all ways."""
    for bars in itertools.combinations(range(total + parts - 1), parts - 1):
        ends = (-1, *bars, total + parts - 1)
        yield tuple(b - a - 1 for a, b in itertools.pairwise(ends))


def _at(plan, path):
    value = plan.to_dict()
    for name in str(path).split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
