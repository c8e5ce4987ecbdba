"""A validation in words: for a terminal, and as pages with figures and JSON in a folder."""

import contextlib
import math
import shutil
import tempfile
import tomllib
from importlib.resources import files
from pathlib import Path

from sim import ledger
from sim.errors import ValidationError
from sim.records import folders, provenance
from sim.records.words import percent
from sim.report import Table, markdown, one_line, wrapped
from sim.validation import coverage, decisions, decisions_page, patterns, settings
from sim.validation.outcomes import SHARE_INSIDE

MARK, KEPT = "validation.json", "record.json"  # every number, in six digits; the record whole
PAGES = tomllib.loads(files("sim.validation").joinpath("pages.toml").read_text(encoding="utf-8"))
TARGETS = ("", "target", "use", "passes from", "to", "median", "low", "high", "unit")
FILES = (
    "verification.md", "validation.md", decisions_page.PAGE, MARK, KEPT, decisions_page.NUMBERS,
    "coverage.png", "patterns.png",
)  # fmt: skip


# ---- for a terminal ----------------------------------------------------------------------------


def tables(validation):
    """Checks, intervals, patterns, and decisions where they were run: list of Table."""
    draws, _ = decisions.QUICK if validation.quick else decisions.FULL
    decided = decisions_page.summaries(validation.decisions, draws)
    fitted = [_setting(one) for one in settings.of(validation)[: len(validation.targets)]]
    title = "Decisions: two plans, with each mechanism off and doubtful priors at their ends"
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
        *([Table(TARGETS, fitted, "Targets of the fit, at their own places")] if fitted else []),
        *([Table(decisions_page.HEAD, decided, title)] if decided else []),
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


def _setting(one):
    numbers = (*one.passes, one.median, one.low, one.high)
    return (word(one.ok), one.name, one.use, *map(number, numbers), one.unit)


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
            write_decisions(
                part, validation.decisions, validation.multiplier, validation.quick,
                validation.provenance,
            )  # fmt: skip
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


def write_decisions(folder, rows, gains, quick, origin):
    """Write the page of decisions and its numbers into a folder.

    rows, gains : DataFrames of `decisions.run` and `multiplier.run`
    quick : whether of the fast subset; origin : what made them, `validation.origin`
    """
    made_by = _made_by(origin, quick, decisions_page.NUMBERS)
    data = decisions_page.numbers(rows, gains, quick, made_by)
    rows, gains = decisions_page.tables(data)
    text = decisions_page.page(PAGES, rows, gains, quick, made_by)
    numbers = provenance.dumps(data) + "\n"
    (Path(folder) / decisions_page.NUMBERS).write_text(numbers, encoding="utf-8")
    (Path(folder) / decisions_page.PAGE).write_text(text, encoding="utf-8")


@contextlib.contextmanager
def _beside(path):
    part = Path(tempfile.mkdtemp(prefix=".validation-", suffix=".part", dir=path))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _page(name, **words):
    """A page, or a part of one, in the words of `pages.toml`."""
    return PAGES[name].strip("\n").format(**words)


def _made_by(origin, quick, numbers=MARK):
    """The line on what made a page, by hash and version; its numbers are in the file named."""
    packages = ", ".join(f"{name} {version}" for name, version in origin["packages"].items())
    return _page(
        "made_by",
        command="tiercurve validate --quick" if quick else "tiercurve validate",
        evidence=origin["evidence_sha256"][:12],
        numbers=numbers,
        **origin | {"packages": packages},
    )


def verification_page(validation):
    """Whether the code does what the model says, as Markdown."""
    groups = dict.fromkeys(c.group for c in validation.checks)
    checks = [
        f"## {group.capitalize()}\n\n{_checks([c for c in validation.checks if c.group == group])}"
        for group in groups
    ]
    intervals = [
        _page("interval", interval=interval, what=what, share=share, table=_intervals(rows))
        for interval, (what, share) in coverage.HOLDS.items()
        if (rows := [c for c in validation.coverage if c.interval == interval])
    ]
    if missed := [c for c in validation.coverage if not c.passed]:
        intervals.append(_page("missed", lines="\n".join(map(_missed, missed))))
    size = coverage.QUICK if validation.quick else coverage.FULL
    return _page(
        "verification", verdict=verdict(validation), checks="\n\n".join(checks),
        repetitions=validation.coverage[0].repetitions, draws=coverage.DRAWS, luck=coverage.LUCK,
        more_draws=coverage.MORE_DRAWS, more_luck=coverage.MORE_LUCK, truth=size.truth,
        limit=coverage.LIMIT, intervals="\n\n".join(intervals),
        made_by=_made_by(validation.made_by, validation.quick),
    ) + "\n"  # fmt: skip


def _checks(checks):
    rows = [
        (c.claim, f"`{c.formula}`", f"{c.expected:.5g}", with_error(c.found, c.std_error),
         number(c.tolerance) if c.tolerance else "exact", c.unit or "–", f"{c.worlds:,}",
         word(c.passed))
        for c in checks
    ]  # fmt: skip
    heads = ("claim", "expected from", "expected", "found ± standard error", "may be off by",
             "unit", "worlds or samples", "")  # fmt: skip
    return "\n".join(markdown(heads, rows))


def _intervals(rows):
    heads = ("output", "kind", "draws × luck", "share of luck", "held ± standard error",
             "may be off by", "")  # fmt: skip
    return "\n".join(markdown(heads, [
        (c.output, c.kind, f"{c.draws} × {c.luck}", f"{c.share:.0%}", _held(c),
         f"{100 * c.tolerance:.1f} pp", word(c.passed)) for c in rows
    ]))  # fmt: skip


def _held(c):
    inside = f" ({100 * c.inside:.1f}%)" if round(c.inside, 3) != round(c.held, 3) else ""
    return f"{100 * c.held:.1f}%{inside} ± {100 * c.std_error:.1f}"


def _missed(c):
    why = coverage.limit(c) or "Not known: this fails verification."
    return (
        f"- `{c.interval}` of {c.output} ({c.draws} × {c.luck}) holds {100 * c.held:.1f}% "
        f"instead of {c.nominal:.0%}. {why}"
    )


def validation_page(validation):
    """Whether the model shows what has been found elsewhere, as Markdown."""
    rows, parts = ledger.read(), []
    for kind, meaning in patterns.KINDS.items():
        outcomes = [o for o in validation.patterns if o.pattern.kind == kind]
        if outcomes:
            parts += [f"## {kind.capitalize()}: {meaning}", _patterns(outcomes)]
            parts += [_pattern_part(outcome, rows) for outcome in outcomes]
    made_by = _made_by(validation.made_by, validation.quick)
    return _page(
        "validation", settings=_settings(validation), patterns="\n\n".join(parts),
        made_by=made_by, least=SHARE_INSIDE,
    ) + "\n"  # fmt: skip


def _settings(validation):
    """Every published setting in one table, and a paragraph for each target that is missed."""
    rows = settings.of(validation)
    heads = ("setting", "unit", "published", "passes", "simulated median [95% interval]",
             "inside", "", "used as")  # fmt: skip
    table = markdown(heads, [
        (one_line(one.name), one_line(one.unit), _range(one.published), _range(one.passes),
         f"{number(one.median)} [{number(one.low)}, {_end(one.high)}]", f"{one.inside:.0%}",
         word(one.ok), one.use) for one in rows
    ])  # fmt: skip
    missed = [
        f"**{one.name}** ({one.what}) is missed: {one.why}"
        for one in rows[: len(validation.targets)]
        if not one.ok
    ]
    return "\n\n".join(("\n".join(table), *missed))


def _patterns(outcomes):
    heads = ("pattern", "unit", "published", "passes", "simulated median [95% interval]",
             "inside", "")  # fmt: skip
    return "\n".join(markdown(heads, [
        (one_line(o.pattern.name), one_line(o.pattern.unit), _range(o.pattern.published),
         _range(o.pattern.passes), f"{number(o.median)} [{number(o.low)}, {_end(o.high)}]",
         f"{o.share_inside:.0%}", word(o.passed)) for o in outcomes
    ]))  # fmt: skip


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


def _pattern_part(outcome, rows):
    pattern = outcome.pattern
    sources = (
        f"- `{one}`, grade {rows[one].grade}, used as {rows[one].use}: {rows[one].source}"
        for one in pattern.source
    )
    simulated = f"{outcome.draws} rows of the fit that left it out"
    if pattern.plans:
        names = "; ".join(name for name, _ in pattern.plans)
        simulated = f"{names}; {outcome.draws} draws × {outcome.luck} lucks in each"
    return _page(
        "pattern", pattern=pattern, outcome="shown" if outcome.passed else "missed",
        sources="\n".join(sources), simulated=simulated, reading=_reading(outcome),
    )  # fmt: skip


def _reading(outcome):
    inside = f"{outcome.share_inside:.0%} of draws lie where it passes."
    if outcome.passed:
        sure = "" if outcome.share_inside >= 0.5 else " That is luck more than merit."
        return f"The model shows it: {inside}{sure}"
    return f"**The model does not show it**: {inside}"
