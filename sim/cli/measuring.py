"""Commands that hold the model against evidence: assess, calibrate."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.common import Json, Name, Seed, refuse_early, save_figure, say, show
from sim.cli.options import AgentSince, DateOrder, MapFile


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

    found = assess_scenario(name, work, record, rated=rated)
    if record is not None:
        say(f"record written to {record}")
    show(found.to_json() if as_json else found.text())


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
        bool, typer.Option("--dry-run", help="Say how the tickets are read, and fit nothing.")
    ] = False,
    seed: Seed = 1,
    as_json: Json = False,
    plot: Annotated[
        Path | None, typer.Option(help="Figure file for --check: png, svg or pdf.")
    ] = None,
) -> None:
    """Hold the curves against evidence, or against your own tickets.

    \b
    tiercurve calibrate tickets.csv --out my-team   your tickets, pooled with the study
    tiercurve calibrate tickets.csv --dry-run       how they are read, before any fit
    tiercurve calibrate --check                     published numbers beside the fit
    tiercurve calibrate --evidence                  what each row of evidence moved
    """
    from calibration import text as calibration_text

    _one_of_three(tickets, check, evidence, study, out, plot, scenario)
    if tickets is None and (map or dates or agent_since or dry_run):
        raise typer.BadParameter("--map, --dates, --agent-since and --dry-run go with tickets")
    if check:
        from calibration import checks

        found: Any = checks.check()
        if plot is not None:
            from calibration import figures

            save_figure(figures.check_figure(found), plot)
        text = calibration_text.check_text(found)
    elif evidence:
        from calibration.synthesis import synthesis

        say("leaving each row out in turn (about half a minute) ...")
        found = synthesis(study, out, seed)
        text = calibration_text.evidence_text(found)
    elif dry_run:
        _dry_run(tickets, closed_as.value, map, dates, agent_since, as_json)
        return
    else:
        from calibration.local import calibrate as pool

        found = pool(
            tickets, out, closed_as.value, seed, scenario or "baseline", map, dates and dates.value,
            agent_since,
        )  # fmt: skip
        text = found.report()
        if out is not None:
            say(f"curve set written to {found.path}, report to {found.path.with_suffix('.md')}")
    show(found.to_json() if as_json else text)


def _dry_run(
    path: Path | None,
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
    try:
        found = tickets.of_record(record, closed_as)
    except TicketError as error:
        say(f"The fit would refuse it: {error}")
        return
    with_agent = found.outcome[found.agent]
    counts = ", ".join(f"{word} {(with_agent == i).sum():,}" for i, word in enumerate(found.scale))
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
