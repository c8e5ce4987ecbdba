"""A validation in words: for a terminal, and as pages with figures and JSON in a folder."""

import contextlib
import math
import shutil
import tempfile
from pathlib import Path

from sim import ledger
from sim.errors import ValidationError
from sim.records import folders, provenance
from sim.records.words import percent
from sim.report import Table, markdown, one_line, wrapped
from sim.validation import coverage, patterns

MARK, KEPT = "validation.json", "record.json"  # every number, in six digits; the record whole
FILES = ("verification.md", "validation.md", MARK, KEPT, "coverage.png", "patterns.png")


# ---- for a terminal ----------------------------------------------------------------------------


def tables(validation):
    """Checks, intervals and patterns: list of Table."""
    return [
        Table(
            ("", "check", "expected", "found", "unit"),
            [_check(one) for one in validation.checks],
            "Verification: worlds whose answer is known",
        ),
        Table(
            ("", "interval", "output", "design", "nominal", "held"),
            [_coverage(one) for one in validation.coverage],
            "Coverage: how often intervals hold, of runs of three people for four weeks",
        ),
        Table(
            ("", "pattern", "kind", "passes from", "to", "median", "low", "high", "unit"),
            [_pattern(one) for one in validation.patterns],
            "Patterns: published findings against the whole posterior",
        ),
    ]


def text(validation):
    """Tables of checks, intervals and patterns, and what fails."""
    blocks = ["\n".join(table.lines()) for table in tables(validation)]
    origin = provenance.origin({"validation": validation.provenance})
    return "\n\n".join((*blocks, verdict(validation), "\n".join(wrapped(origin))))


def verdict(validation):
    """In one sentence or a few lines: whether verification holds."""
    missed = sum(not p.passed for p in validation.patterns)
    limits = sum(not c.passed for c in validation.coverage) if validation.passed else 0
    if validation.passed:
        return (
            f"Verification holds; {limits} intervals miss for reasons that are known; "
            f"{missed} of {len(validation.patterns)} patterns are missed."
        )
    return "Verification fails:\n" + "\n".join(f"- {line}" for line in validation.failures)


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


# ---- as pages ----------------------------------------------------------------------------------


def write(validation, path):
    """Write all files into a folder: made elsewhere first, then moved in one by one."""
    from sim import figures
    from sim.validation import figures as drawings

    path = Path(path)
    try:
        path.mkdir(exist_ok=True)
        with _beside(path) as part:
            (part / "verification.md").write_text(verification_page(validation), encoding="utf-8")
            (part / "validation.md").write_text(validation_page(validation), encoding="utf-8")
            kept = {"format": folders.FORMAT, **folders.packed(validation)}
            for name, data in ((MARK, validation.to_json()), (KEPT, kept)):
                (part / name).write_text(provenance.dumps(data) + "\n", encoding="utf-8")
            figures.save(drawings.coverage_figure(validation), part / "coverage.png")
            figures.save(drawings.patterns_figure(validation), part / "patterns.png")
            for name in FILES:
                (part / name).replace(path / name)
    except OSError as error:
        raise ValidationError(f"{path}: cannot be written ({error.strerror or error})") from None
    return path


@contextlib.contextmanager
def _beside(path):
    part = Path(tempfile.mkdtemp(prefix=".validation-", suffix=".part", dir=path))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _made_by(validation):
    p = validation.provenance
    packages = ", ".join(f"{name} {version}" for name, version in p["packages"].items())
    command = "tiercurve validate --quick" if validation.quick else "tiercurve validate"
    return (
        f"Made by `{command} --out FOLDER`, version {p['version']}: engine "
        f"`{p['engine_sources']}`, curves {p['curves']}, evidence `{p['evidence_sha256'][:12]}`, "
        f"Python {p['python']}, {packages}. The same code and data give the same pages. "
        f"Every number is in [{MARK}]({MARK})."
    )


def verification_page(validation):
    """Whether the code does what the model says, as Markdown."""
    lines = [
        "# Verification: does the code do what the model says?",
        "",
        verdict(validation),
        "",
        "Each check is a question whose answer is known before anything runs: a formula of "
        "queueing or renewal theory, arithmetic, or a law. It is put to the real engine, not to a "
        "copy of its rules. A mean may be off by 4 of its standard errors; what chance has no "
        "part in must be exact.",
        "",
    ]
    for group in dict.fromkeys(c.group for c in validation.checks):
        checks = [c for c in validation.checks if c.group == group]
        lines += [f"## {group.capitalize()}", "", *_checks(checks), ""]
    return "\n".join([*lines, *_coverage_lines(validation), _made_by(validation), ""])


def _checks(checks):
    rows = [
        (c.claim, f"`{c.formula}`", f"{c.expected:.5g}", with_error(c.found, c.std_error),
         number(c.tolerance) if c.tolerance else "exact", c.unit or "–", f"{c.worlds:,}",
         word(c.passed))
        for c in checks
    ]  # fmt: skip
    heads = ("claim", "expected from", "expected", "found ± standard error", "may be off by",
             "unit", "worlds or samples", "")  # fmt: skip
    return markdown(heads, rows)


def _coverage_lines(validation):
    first = validation.coverage[0]
    size = coverage.QUICK if validation.quick else coverage.FULL
    yield "## Coverage: do intervals hold as often as they claim to?"
    yield ""
    yield (
        f"{first.repetitions:,} runs of three people for four weeks, each of {coverage.DRAWS} "
        f"draws and {coverage.LUCK} lucks (the default), and again of "
        f"{coverage.MORE_DRAWS} draws and {coverage.MORE_LUCK} lucks for the outputs that "
        f"are mostly luck. The truth is a nested run of {size.truth[0]:,} other draws with "
        f"{size.truth[1]} lucks each, from the same population: register, and the finite rows "
        "of the curve set. A share passes within "
        f"{coverage.LIMIT:g} standard errors of as many repetitions that answer yes or no. For "
        "counts, what is held without the ends of the interval stands in brackets: counts fall on "
        "the ends, and no interval of a count can hold a given share exactly."
    )
    yield ""
    yield "![Share held by each interval, against nominal](coverage.png)"
    yield ""
    for interval, (what, nominal) in coverage.HOLDS.items():
        rows = [c for c in validation.coverage if c.interval == interval]
        if rows:
            yield f"### `{interval}` is to hold {what}, {nominal:.0%} of the time"
            yield ""
            yield from markdown(
                ("output", "kind", "draws × luck", "share of luck", "held ± standard error",
                 "may be off by", ""),
                [(c.output, c.kind, f"{c.draws} × {c.luck}", f"{c.share:.0%}", _held(c),
                  f"{100 * c.tolerance:.1f} pp", word(c.passed)) for c in rows],
            )  # fmt: skip
            yield ""
    yield from _limits(validation)


def _held(c):
    inside = f" ({100 * c.inside:.1f}%)" if round(c.inside, 3) != round(c.held, 3) else ""
    return f"{100 * c.held:.1f}%{inside} ± {100 * c.std_error:.1f}"


def _limits(validation):
    missed = [c for c in validation.coverage if not c.passed]
    if not missed:
        return
    yield "### What is missed, and why"
    yield ""
    for c in missed:
        why = coverage.limit(c) or "Not known: this fails verification."
        yield (
            f"- `{c.interval}` of {c.output} ({c.draws} × {c.luck}) holds {100 * c.held:.1f}% "
            f"instead of {c.nominal:.0%}. {why}"
        )
    yield ""


def validation_page(validation):
    """Whether the model shows what has been found elsewhere, as Markdown."""
    rows = ledger.read()
    lines = [
        "# Validation: does the model show what others have found?",
        "",
        "One parameter set serves every pattern: only the tool, its date, the team and the work "
        "change, as each pattern's file states them. Each runs over everything that is not known "
        "(register and posterior), and passes if its median lies in the band fixed beforehand. "
        "`inside` is the share of draws that do: a pass with few inside says little. A miss is "
        "reported and never tuned away.",
        "",
        "![Published and simulated, a panel a pattern](patterns.png)",
        "",
    ]
    for kind, meaning in patterns.KINDS.items():
        outcomes = [o for o in validation.patterns if o.pattern.kind == kind]
        if outcomes:
            lines += [f"## {kind.capitalize()}: {meaning}", "", *_patterns(outcomes), ""]
            for outcome in outcomes:
                lines += [*_pattern_lines(outcome, rows), ""]
    return "\n".join([*lines, _made_by(validation), ""])


def _patterns(outcomes):
    return markdown(
        ("pattern", "unit", "published", "passes", "simulated median [95% interval]", "inside", ""),
        [(one_line(o.pattern.name), one_line(o.pattern.unit), _range(o.pattern.published),
          _range(o.pattern.passes),
          f"{number(o.median)} [{number(o.low)}, {_end(o.high)}]", f"{o.share_inside:.0%}",
          word(o.passed)) for o in outcomes],
    )  # fmt: skip


def _range(pair):
    if pair is None:
        return "direction only"
    low, high = pair
    if low == high:
        return number(low)
    if low == float("-inf"):
        return f"{number(high)} or less"
    return f"{number(low)} or more" if high == float("inf") else f"{number(low)} to {number(high)}"


def _end(value):
    return "never" if value == float("inf") else number(value)


def _pattern_lines(outcome, rows):
    pattern = outcome.pattern
    yield f"### {pattern.name}: {'shown' if outcome.passed else 'missed'}"
    yield ""
    yield f"{pattern.claim}. {pattern.setting}."
    yield ""
    for one in pattern.source:
        row = rows[one]
        yield f"- `{one}`, grade {row.grade}, used as {row.use}: {row.source}"
    if pattern.plans:
        yield f"- simulated: {'; '.join(name for name, _ in pattern.plans)}; " + (
            f"{outcome.draws} draws × {outcome.luck} lucks in each"
        )
    else:
        yield f"- simulated: {outcome.draws} rows of the fit that left it out"
    yield ""
    yield f"{_reading(outcome)} What a failure means: {pattern.if_missed}"


def _reading(outcome):
    inside = f"{outcome.share_inside:.0%} of draws lie where it passes."
    if outcome.passed:
        sure = "" if outcome.share_inside >= 0.5 else " That is luck more than merit."
        return f"The model shows it: {inside}{sure}"
    return f"**The model does not show it**: {inside}"
