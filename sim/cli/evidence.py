"""Commands about evidence and files: read, assess, calibrate, validate, check, deck."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import common
from sim.cli.common import (
    AgentSince,
    DateOrder,
    DryRun,
    Engine,
    FigureSize,
    Ground,
    Json,
    MapFile,
    Name,
    Progress,
    Seed,
    Size,
    Theme,
    Threads,
    Yes,
    refuse_early,
    save_figure,
    say,
    say_if_compiling,
    say_if_past,
    show,
    weigh,
)

# Seconds of one thread that no tickets move (docs/limits.md).
CHECK_SECONDS, EVIDENCE_SECONDS = 5.0, 30.0


class ClosedAs(StrEnum):
    """What a closed ticket is declared to be."""

    own = "own"
    partial = "partial"
    judged = "judged"
    verified = "verified"


def assess(
    name: Name,
    work: Annotated[Path | None, typer.Option(help="CSV of labelled tickets.")] = None,
    record: Annotated[Path | None, typer.Option(help="New .md file: the one-page record.")] = None,
    note: Annotated[
        Path | None,
        typer.Option(help="New .md or .html file: a note for works councils, one page."),
    ] = None,
    rated: Annotated[
        bool, typer.Option("--rated", help="Levels in [team] were rated with the rubric.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is measured, assumed and unknown before you act on the study.

    \b
    --work takes a CSV file (comma, semicolon or tab), a row a ticket, columns in any order:
      class             average or advanced; or, with two raters who do not confer:
      rater_1, rater_2  average or advanced each
      hours             optional: hours an expert would need by hand
      ticket            optional: an id; a ticket listed twice counts once
    Average work: routine data work, scripting, API calls, file operations, CRUD. Advanced work:
    architecture, performance-critical, security-sensitive, novel failures of distributed systems.
    """
    from sim.assessment import assess as assess_scenario

    assessment = assess_scenario(name, work, record, rated=rated, note=note)
    for what, path in (("record", record), ("note", note)):
        if path is not None:
            say(f"{what} written to {path}")
    show(assessment.to_json() if as_json else assessment.text())


def calibrate(
    tickets: Annotated[
        Path | None, typer.Argument(help="CSV of your tickets, a row a piece of work.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Name of the curve set: writes NAME.json and NAME.md.")
    ] = None,
    closed_as: Annotated[
        ClosedAs, typer.Option(help="Your own measure, or one of the study's.")
    ] = ClosedAs.own,
    scenario: Annotated[
        str | None, typer.Option(help="Plan whose answer is shown before and after your tickets.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Published numbers beside what the fit says of them.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="What each row of evidence moved.")
    ] = False,
    study: Annotated[
        Path | None, typer.Option(help="TOML of further studies, for --evidence.")
    ] = None,
    map: MapFile = None,
    dates: DateOrder = None,
    agent_since: AgentSince = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say how tickets are read and what it takes; fit nothing."),
    ] = False,
    yes: Yes = False,
    seed: Seed = 1,
    as_json: Json = False,
    plot: Annotated[
        Path | None, typer.Option(help="Figure file for --check: png, svg or pdf.")
    ] = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
) -> None:
    """Hold the curves against evidence, or against your own tickets.

    \b
    tiercurve calibrate tickets.csv --out my-team   your tickets, pooled with the study
    tiercurve calibrate tickets.csv --dry-run       how they are read, before any fit
    tiercurve calibrate --check                     published numbers beside the fit
    tiercurve calibrate --evidence                  what each row of evidence moved
    """
    from calibration import text as calibration_text
    from sim import exports
    from sim.experiments import workload

    _one_of_three(tickets, check, evidence, study, out, plot, scenario)
    if tickets is None and (map or dates or agent_since):
        raise typer.BadParameter("--map, --dates and --agent-since go with tickets")
    if check:
        from calibration import checks

        weigh(workload.measured(CHECK_SECONDS), dry_run, yes, as_json)
        record: Any = checks.check()
        if plot is not None:
            from calibration import figures

            drawn = figures.check_figure(record, size=size.value, theme=theme.value)
            save_figure(drawn, plot)
        text = calibration_text.check_text(record)
    elif evidence:
        from calibration.synthesis import synthesis

        weigh(workload.measured(EVIDENCE_SECONDS), dry_run, yes, as_json)
        say("leaving each row out in turn (about half a minute) ...")
        record = synthesis(study, out, seed)
        text = calibration_text.evidence_text(record)
    elif dry_run:
        _dry_run(tickets, scenario, closed_as.value, map, dates, agent_since, as_json)
        return
    else:
        from calibration.local import calibrate as pool

        asked = (map, dates and dates.value, agent_since, closed_as.value)
        weigh(_of_fit(exports.read(tickets or "", *asked), scenario), False, yes)
        say_if_compiling(Engine.compiled)
        record = pool(
            tickets, out, closed_as.value, seed, scenario or "baseline", map, dates and dates.value,
            agent_since,
        )  # fmt: skip
        text = record.report()
        if out is not None:
            say(f"curve set written to {record.path}, report to {record.path.with_suffix('.md')}")
    show(record.to_json() if as_json else text)


def _of_fit(record: Any, scenario: str | None) -> Any:
    """The Workload of fitting tickets that were read, and of a plan's answer with them."""
    from calibration import answer, local

    return local.workload_of(record.rows, answer.plan_of(scenario or "baseline"))


def _dry_run(
    path: Path | None,
    scenario: str | None,
    closed_as: str,
    map: Path | None,
    dates: Any,
    since: str | None,
    as_json: bool,
) -> None:
    """How tickets are read, and what the fit would take of them."""
    from calibration import tickets
    from sim import exports
    from sim.errors import TicketError

    record = exports.read(path or "", map, dates and dates.value, since, closed_as)
    show(record.to_json() if as_json else record.text())
    say(f"The fit takes {_of_fit(record, scenario).in_words()}.")
    try:
        sample = tickets.of_record(record, closed_as)
    except TicketError as error:
        say(f"The fit would refuse it: {error}")
        return
    with_agent = sample.outcome[sample.agent]
    counts = ", ".join(f"{word} {(with_agent == i).sum():,}" for i, word in enumerate(sample.scale))
    say(
        f"The fit would take {len(with_agent):,} tickets with the agent: {counts}. Nothing was "
        "fitted."
    )


def _one_of_three(
    tickets: Path | None, check: bool, evidence: bool, study: Path | None, out: Path | None,
    plot: Path | None, scenario: str | None,
) -> None:  # fmt: skip
    """Refuse what does not say one thing to do."""
    if (tickets is not None) + check + evidence != 1:
        raise typer.BadParameter("give a file of tickets, --check or --evidence, one of them")
    for option, value, fits in (
        ("--study", study, evidence), ("--plot", plot, check), ("--out", out, not check),
        ("--scenario", scenario, tickets is not None),
    ):  # fmt: skip
        if value is not None and not fits:
            raise typer.BadParameter("does not go with what was asked for", param_hint=option)
    refuse_early(None, plot)


# ---- read ----------------------------------------------------------------------------------------


def read(
    file: Annotated[Path, typer.Argument(help="Export of a tracker: CSV or JSON.")],
    map: MapFile = None,
    write_map: Annotated[
        Path | None, typer.Option(help="New TOML file: this reading as a map for the next export.")
    ] = None,
    dates: DateOrder = None,
    agent_since: AgentSince = None,
    as_json: Json = False,
) -> None:
    """Read an export of a tracker, and say how it was read. Nothing is fitted, nothing kept.

    \b
    tiercurve read export.csv                    Jira, GitHub, GitLab, Linear, Azure DevOps, git log
    tiercurve read export.csv --dates mdy        where no date tells the order of day and month
    tiercurve read export.csv --write-map our.toml, then --map our.toml for the next export

    Names and addresses become numbers while the file is read, and are kept nowhere.
    """
    from sim.exports import map_file
    from sim.exports import read as read_export

    if write_map is not None and write_map.exists():
        raise typer.BadParameter(
            f"{write_map}: exists already; choose another", param_hint="--write-map"
        )
    record = read_export(file, map, dates and dates.value, agent_since)
    if write_map is not None:
        write_map.write_text(map_file.text(record.map), encoding="utf-8")
        say(f"map written to {write_map}")
    show(record.to_json() if as_json else record.text())


# ---- validate ------------------------------------------------------------------------------------


def validate(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer repetitions and draws.")] = False,
    patterns: Annotated[
        Path | None, typer.Option(help="Folder of pattern files; those that ship by default.")
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the pages: new, or of an earlier validation.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Hold the model against known answers and published patterns; exit code 1 if it fails."""
    from sim.validation import validate as run
    from sim.validation.validation import workload_of

    weigh(workload_of(quick, out, patterns, threads), dry_run, yes, as_json)
    say_if_compiling(Engine.compiled)
    with Progress("step") as progress:
        validation = run(quick, out, patterns, threads, progress)
    if out is not None:
        say(f"pages written to {out}")
    show(validation.to_json() if as_json else validation.text())
    if not validation.passed:
        raise typer.Exit(1)


# ---- check ---------------------------------------------------------------------------------------


def check(
    file: Annotated[
        Path,
        typer.Argument(help="A figure, deck or report, or the folder of a saved result."),
    ],
    everything: Annotated[bool, typer.Option("--all", help="List identical numbers too.")] = False,
    threads: Threads = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Run it although it takes over a minute.")
    ] = False,
) -> None:
    """Run again what a figure, deck or report was made of, and compare number by number.

    Exit code 0 if all numbers are as recorded, 1 if one is different, 2 if nothing can be checked.
    """
    from sim.checking import check
    from sim.errors import LongCheckError
    from sim.experiments.workload import A_MINUTE

    if dry_run or yes:
        weigh(check.workload_of_file(file, threads), dry_run, yes, as_json)
    common.say_if_compiling(common.Engine.compiled)
    try:
        with common.Progress() as progress:
            verdict = check.check(file, threads, progress, None if yes else A_MINUTE)
    except LongCheckError as error:
        raise LongCheckError(f"{error}: --yes runs it all the same") from None
    common.show(verdict.to_json() if as_json else verdict.text(everything))
    if not verdict.ok:
        raise typer.Exit(1)


# ---- deck ----------------------------------------------------------------------------------------


def deck(
    plan: Annotated[
        str | None, typer.Argument(help="A plan file, or a packaged one by name; none lists them.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: .pptx, .html or .md.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Brand template (.pptx) whose look the deck takes.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there.")
    ] = False,
    interactive: Annotated[
        bool | None,
        typer.Option(
            "--interactive/--still",
            help="End an .html deck with a view in which a reader moves a few things.",
        ),
    ] = None,
    threads: Threads = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Build a deck, an HTML report or Markdown, each number with its claim card."""
    from sim.decks import plan as plans

    if plan is None:
        print("\n".join(f"{name}  {question}" for name, question in plans.available()))
        return
    read = plans.load(plan)
    say_if_past(read.plans.values())
    out = Path(f"{read.name}.pptx") if out is None else out
    from sim.decks import analyses, check_path, with_view
    from sim.decks import deck as make  # late: python-pptx is slow to import

    read = with_view(read, interactive, out)
    check_path(out, overwrite)
    weigh(analyses.workload_of(read, threads), dry_run, yes)

    with Progress() as progress:
        say_if_compiling(Engine.compiled)
        result = make(read, out, template, overwrite, threads, progress)
    say(f"{len(result.slides)} slides, {len(result.claims)} claims, written to {out}")
