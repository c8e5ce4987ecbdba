"""A team's own tickets against the study: a curve set of its own, and what it changed.

    sim.calibrate("tickets.csv", out="my-team")

writes my-team.json, which a scenario names as `curves = "my-team"`, and my-team.md, one page.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration import answer, cells, contrast, curve_set, fit, laplace, tickets, tipping
from calibration.local_model import Declared, LocalModel
from calibration.model import MEASURES, NAMES, Z
from calibration.report import HEAD, page, sentences
from calibration.report import moved as moved_in_words
from calibration.tickets import Tickets
from sim import caveats, parameters
from sim.engine import curves
from sim.errors import TicketError, choice
from sim.experiments import workload
from sim.exports import TicketRecord
from sim.exports.outcomes import STUDY
from sim.records import folders
from sim.records.record import Record
from sim.report import Table

PROPOSALS, MANY_CELLS = 2000, 3000  # importance draws; half as many where a draw is expensive
# Seconds of one thread that a fit takes, and reading and counting a ticket (docs/limits.md).
PER_FIT, PER_TICKET = 10.0, 0.2e-3
ENDS = (0.5, 0.025, 0.975)  # median and 95% interval
CLOSED_AS = ("own", *MEASURES)
DAYS_PER_MONTH = 365.25 / 12
TABLES = ("moved", "observed", "own")
ANCHOR = date(2026, 1, 16)  # middle of the month the study's curve describes
CAVEATS = (
    "Curves pooled from one vendor's study and {n:,} of the team's own tickets: the levels, the "
    "slope and the spreads moved where the tickets spoke; the study's measures did not.",
    "Not a basis for judging any one person, nor for workforce change on its own; "
    f"{caveats.LEGAL}.",
)


@dataclass(frozen=True, repr=False)
class Calibration(Record):
    """What a team's tickets say beside the study.

    name        of the curve set
    path        where it is, None if it was not written
    moved       a row a quantity, medians with 95% intervals: `study`; `before`, the study and how
                teams differ from it; `pooled`, with the tickets; `narrowed`, 1 - sd pooled / before
    observed    a row a level: tickets with the agent, share closed, 95% interval
    contrast    agent against hand, not causal: shares closed, difference, interval; or None
    tipping     confounding that would explain the gap, as `tipping.tipping` returns it; None in
                files saved before there was one
    own         medians and intervals of what is the team's only: class, role, hours
    rows, used, people, window  of the file: read, with the agent, people, (first, last) month
    counts      what was left out or blank: reason -> rows
    closed_as   "own", or the study's measure that outcomes were declared to be
    effective   effective importance draws of `proposals`
    halve       tickets more, of people like these, that would halve the interval of the gap from
                novice to expert; None where tickets do not reach it
    data        the curve set as plain data
    answer      what a plan delivers with the study's curves, with these, and the difference, as
                `answer.moved` returns it; None where no plan was asked about
    reading     how the file was read: `json`, as `tiercurve read --json` prints it, `page`, in
                Markdown, and `agent`, what told of agents; None for tickets made up
    """

    _kind = "calibration"
    error = TicketError

    name: str
    path: Path | None
    moved: pd.DataFrame
    observed: pd.DataFrame
    contrast: dict[str, Any] | None
    own: pd.DataFrame
    rows: int
    used: int
    people: int
    window: tuple[str, str] | None
    counts: dict[str, int]
    closed_as: str
    effective: float
    proposals: int
    halve: int | None
    data: dict[str, Any]
    answer: dict[str, Any] | None = None
    tipping: dict[str, float] | None = None
    reading: dict[str, Any] | None = None

    @property
    def trusted(self) -> bool:
        """Whether the importance check stands behind the draws."""
        return self.effective >= 50

    @property
    def caveats(self) -> tuple[caveats.Caveat, ...]:
        """Sentences that belong to every use of the curve set."""
        return caveats.read(self.data["caveats"])

    @property
    def provenance(self) -> dict[str, Any]:
        """What made the curve set: data by hash, seed, versions."""
        return self.data["provenance"] | {"version": self.data["provenance"]["tiercurve"]}

    def summary(self) -> pd.DataFrame:
        """One row a quantity: the study, a team before its tickets, and with them; `moved`."""
        return self.moved.set_index("what")

    def sentences(self) -> list[str]:
        """What was read, what the tickets moved, and whether the draws can be trusted."""
        return sentences(self)

    def report(self) -> str:
        """One page of Markdown."""
        return page(self)

    def to_json(self) -> dict[str, Any]:
        """Plain data; what is not defined is None."""
        tables = {name: json.loads(getattr(self, name).to_json(orient="records"))
                  for name in TABLES}  # fmt: skip
        plain = {name: getattr(self, name) for name in (
            "name", "contrast", "rows", "used", "people", "window", "counts", "closed_as",
            "effective", "proposals", "halve", "answer", "tipping",
        )}  # fmt: skip
        reading = self.reading["json"] if self.reading else None
        return {
            **plain,
            **tables,
            "path": str(self.path) if self.path else None,
            "reading": reading,
        }

    def _about(self):
        return [f"{self.name}: a curve set of the study and a team's own tickets"]

    def _tables(self, everything):
        return [Table(("quantity", *HEAD[1:]), list(moved_in_words(self)))]

    def _origins(self):
        return {self.name: self.provenance}

    def _cited(self):
        return f"{self.used:,} tickets", "curve set"

    def _saved(self):
        return folders.packed(self)

    @classmethod
    def _read(cls, about, path):
        return folders.unpacked(cls, {"tipping": None} | about)

    def __repr__(self):
        return f"<Calibration {self.name}: {self.used:,} tickets of {self.people:,} people>"


def calibrate(
    path, out=None, closed_as="own", seed=1, scenario="baseline", map=None, dates=None,
    agent_since=None,
):  # fmt: skip
    """Pool a team's tickets with the study.

    Parameters
    ----------
    path : str or Path
        Export of a tracker, or a table with the columns of calibration/examples/template.csv;
        `sim.read` reads it, and says how.
    out : str or Path, optional
        Name of the curve set, or a path: writes NAME.json and NAME.md, neither of which may exist.
    closed_as : "own", "partial", "judged" or "verified"
        "own" (default): what counts as closed is the team's own measure, with cut points of its
        own. Else outcomes are declared to be that measure of the study; a file in the study's four
        words (failed, partial, unverified, verified) is declared by "verified".
    seed : int
    scenario : Scenario, str or Path, optional
        The plan whose answer is shown before and after; None for none.
    map, dates, agent_since : optional
        As of `sim.read`: the export's own words, the order of day and month, the day from which an
        agent was used.

    Returns
    -------
    Calibration

    Raises
    ------
    TicketError, CurveSetError, ScenarioError
        One line that says where, what and what would do; before any fitting.
    """
    choice("closed_as", closed_as, CLOSED_AS, TicketError)
    target, plan = None if out is None else _target(out), answer.plan_of(scenario)
    found = tickets.read(path, closed_as, map, dates, agent_since)
    result = pooled(found, target.name if target else "my-team", closed_as, seed, target)
    _refuse_certainty(Path(path), result.data)
    if plan is not None:
        result = replace(result, answer=answer.moved(plan, result.data, seed))
    if target is not None:
        curve_set.write(target.with_name(f"{target.name}.json"), result.data)
        target.with_name(f"{target.name}.md").write_text(result.report(), encoding="utf-8")
    return result


def workload_of(rows: int, plan: Any = None) -> workload.Workload:
    """The Workload of pooling so many tickets, and of a plan's answer before and after.

    plan : Scenario, optional
    """
    work = workload.measured(PER_FIT + rows * PER_TICKET)
    if plan is None:
        return work
    return work + workload.of_worlds(plan, answer.DRAWS, answer.LUCK, weekly=True).times(2)


def _refuse_certainty(path, data):
    """Refuse a fit in which sessions of some level always or never succeed."""
    try:
        curves.check_data(path.name, data)
    except curves.CurveError as error:
        raise TicketError(
            f"{path.name}: level or work tells how every ticket ended, so that the fit is certain "
            f"where nobody can be ({str(error).removeprefix(f'{path.name}: ')}); give more "
            "tickets, or look how outcomes came to be filled in"
        ) from None


def _target(out):
    """Path without suffix; refuses what could not be written."""
    target = Path(out)
    target = target.with_suffix("") if target.suffix == ".json" else target
    if not target.absolute().parent.is_dir():
        raise curve_set.CurveSetError(f"{out}: the folder {target.parent} does not exist")
    if target.name in ("study", "headline", ""):
        raise curve_set.CurveSetError(f"{out}: the name of a set that ships; choose another")
    for suffix in (".json", ".md"):
        if target.with_name(target.name + suffix).exists():
            raise curve_set.CurveSetError(f"{target}{suffix}: exists already; choose another name")
    return target


def pooled(found: Tickets, name: str, closed_as: str, seed: int, target: Path | None = None):
    """The Calibration of tickets that have been read."""
    luck = np.random.default_rng([seed, 5])
    base = fit.evidence_model()
    counted = cells.cells(found, base.shares, luck)
    declared = _declared(found, closed_as)
    model = LocalModel(base, counted, len(found.scale) - 1, declared)
    start = np.concatenate([fit.mode(base).place, np.zeros(model.size - len(NAMES))])
    proposals = PROPOSALS if len(counted.count) < MANY_CELLS else PROPOSALS // 2
    sample = laplace.settled(
        model.log_density, laplace.maximise(model.log_density, start), proposals, luck
    )
    draws = sample.resampled(curve_set.ROWS, luck)
    data = _curve_set(name, model, draws, found, sample, closed_as, seed)
    moved = _moved(model, draws, luck)
    return Calibration(
        name=name,
        path=None if target is None else target.with_name(f"{target.name}.json"),
        moved=moved,
        observed=_observed(found),
        contrast=contrast.contrast(found, luck),
        tipping=tipping.tipping(model, draws),
        own=_own(model, draws),
        rows=found.record.rows if found.record else len(found.outcome),
        used=int(counted.count.sum()),
        people=found.people,
        window=_window(found),
        counts=found.counts,
        closed_as=closed_as,
        effective=float(sample.effective),
        proposals=proposals,
        halve=_to_halve(moved, int(counted.count.sum())),
        data=data,
        reading=_as_read(found.record),
    )


def _as_read(record: TicketRecord | None) -> dict[str, Any] | None:
    """How a file was read, as plain data: nothing of any one ticket."""
    if record is None:
        return None
    return {"json": record.to_json(), "page": record.markdown(), "agent": record.agent_source}


def _reading(found):
    """How the file was read, and the map it was read with, for the curve set's provenance."""
    if found.record is None:
        return {}
    return {"reading": found.record.to_json(), "map_sha256": found.record.map_sha256}


def _declared(found, closed_as):
    if closed_as == "own":
        return None
    places = (0, 1, 2) if found.scale == STUDY else (MEASURES.index(closed_as),)
    known = parameters.world_parameters()
    sd = {name: _half(known[name]) for name in ("team_offset", "trend_drift")}
    ahead, beyond = _months(found)
    per_month = known["slope_per_doubling"].central * DAYS_PER_MONTH
    progress = per_month / known["doubling_days"].central * ahead
    of_size = parameters.parse_distribution(known["size_ref_hours"].distribution).numbers
    ref = np.diff(np.log2(of_size))[0] / 2 / parameters.Z95
    size = ref * known["slope_per_doubling"].central
    # The doubling time itself is known to a fifth, at 90%.
    other = np.hypot(np.hypot(size, sd["trend_drift"] * np.sqrt(beyond)), 0.12 * progress)
    return Declared(places, sd["team_offset"], progress, float(other))


def _half(parameter):
    """Standard deviation of a parameter with a normal distribution."""
    low, high = parameters.parse_distribution(parameter.distribution).numbers
    return (high - low) / 2 / parameters.Z95


def _months(found):
    """Months from the study's middle to that of the tickets, and how many beyond its window."""
    days = found.days[found.agent & (found.days > 0)]
    if len(days) == 0:
        return 0.0, 6.0  # no dates: anywhere near, a drift of half a year
    ahead = (float(np.median(days)) - ANCHOR.toordinal()) / DAYS_PER_MONTH
    return ahead, max(0.0, abs(ahead) - curve_set.WINDOW_MONTHS)


def _curve_set(name, model, draws, found, sample, closed_as, seed):
    extra = () if model.declared is None else ("team_offset",)
    rows, columns = model.to_rows(draws), (*curve_set.COLUMNS, *extra)
    made = curve_set.provenance(
        seed,
        tickets={"used": int(found.agent.sum()), "people": found.people, "closed_as": closed_as,
                 **_reading(found)},
        diagnostics={"effective": round(float(sample.effective), 1),
                     "largest_weight": round(float(sample.largest), 4)},
    )  # fmt: skip
    caveats = [caveat.format(n=int(found.agent.sum())) for caveat in CAVEATS]
    return curve_set.plain(name, rows, caveats, made, columns=columns)


# ---- what moved --------------------------------------------------------------------------------


def quantities(rates, found):
    """What a plan leans on: name -> (unit, values (n,)).

    rates : (n, 3, 5); found : register parameters, name -> (n,)
    """
    judged, verified = rates[:, MEASURES.index("judged")], rates[:, MEASURES.index("verified")]
    said = {
        "judged done, expert minus novice": ("pp", 100 * (judged[:, 4] - judged[:, 0])),
        "verified, expert minus novice": ("pp", 100 * (verified[:, 4] - verified[:, 0])),
    }
    for level, name in enumerate(curves.LEVELS):
        said[f"judged done, {name}"] = ("%", 100 * judged[:, level])
    for name in ("slope_per_doubling", "sd_task", "sd_developer", "size_ref_sigma"):
        said[name] = (parameters.register()[name].unit, found[name])
    if "team_offset" in found:
        said["team_offset"] = ("logit", found["team_offset"])
    return said


def _moved(model, draws, luck):
    """The study, a team before its tickets (the study and how teams differ), and after."""
    base, first = model.base, len(NAMES)
    sample = laplace.importance(base.log_density, fit.mode(base), 4000, luck).resampled(2000, luck)
    before = np.column_stack([sample, luck.standard_normal((len(sample), model.size - first))])
    study = quantities(base.rates(sample), base.parameters(sample))
    prior, after = (
        quantities(model.rates(z), _parameters(model, z)) for z in (before, draws)
    )  # fmt: skip
    lines = []
    for name, (unit, new) in after.items():
        old, published = prior[name][1], study.get(name, (unit, np.zeros(1)))[1]
        ends = [x for values in (published, old, new) for x in np.quantile(values, ENDS)]
        lines.append((name, unit, *ends, 1 - new.std(ddof=1) / old.std(ddof=1)))
    parts = [f"{stage}{end}" for stage in ("study", "before", "pooled") for end in
             ("", "_low", "_high")]  # fmt: skip
    return pd.DataFrame(lines, columns=("what", "unit", *parts, "narrowed"))


def _parameters(model, z):
    found = model.base.parameters(z[:, : len(NAMES)])
    return found if model.declared is None else {**found, "team_offset": model.team_offset(z)}


def _own(model, draws):
    numbers = model.numbers(draws)
    hours = numbers["by_size"] + numbers["slope_per_doubling"]
    said = (
        ("advanced work, less likely closed", "logit", numbers["advanced"]),
        ("adjacent roles, less likely closed", "logit", numbers["adjacent"]),
        ("hours beside size", "logit per doubling", hours),
    )
    lines = [(name, unit, *np.quantile(v, ENDS)) for name, unit, v in said]
    return pd.DataFrame(lines, columns=("what", "unit", "median", "low", "high"))


def _to_halve(moved, used):
    """Tickets more that would halve the interval of the gap from novice to expert.

    Information adds up: what is known is the study's plus the tickets', which grows with them.
    A half as wide takes four times what is known; None where the tickets added less than a 50th.
    """
    row = moved.set_index("what").loc["judged done, expert minus novice"]
    before = ((row["before_high"] - row["before_low"]) / 2 / Z) ** -2
    after = ((row["pooled_high"] - row["pooled_low"]) / 2 / Z) ** -2
    of_tickets = after - before
    if of_tickets < 0.02 * before:
        return None
    return int(np.ceil(3 * after / of_tickets * used))


# ---- the tickets as they are -------------------------------------------------------------------


def _observed(found):
    """Share closed by level, of tickets with the agent and one level stated."""
    closed, lines = contrast.closed(found), []
    for level, name in enumerate(curves.LEVELS):
        here = found.agent & (found.weights[:, level] == 1.0)
        lines.append((level + 1, name, *_share(int(closed[here].sum()), int(here.sum()))))
    blank = found.agent & (found.weights.max(axis=1) < 1.0)
    lines.append((0, "range or unknown", *_share(int(closed[blank].sum()), int(blank.sum()))))
    return pd.DataFrame(lines, columns=("level", "name", "tickets", "closed", "low", "high"))


def _share(closed, rows):
    """Rows, share, and its 95% interval by Jeffreys; people's own effects not counted in."""
    from scipy.special import betaincinv  # late: slow to import

    if rows == 0:
        return 0, np.nan, np.nan, np.nan
    low, high = betaincinv(closed + 0.5, rows - closed + 0.5, [0.025, 0.975])
    return rows, closed / rows, low, high


def _window(found):
    days = found.days[found.days > 0]
    if len(days) == 0:
        return None
    first, last = (date.fromordinal(int(day)) for day in (days.min(), days.max()))
    return f"{first:%Y-%m}", f"{last:%Y-%m}"
