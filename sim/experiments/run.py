"""Run a scenario: draws of what is not known, luck of what cannot be known."""

import contextlib
import os
import re
from dataclasses import replace

import numpy as np

from sim import parameters
from sim.analysis import clusters, estimates
from sim.caveats import CENTRAL, DOUBT, NOTE, ONE_LUCK, PRECISION, TREND, Caveat
from sim.engine import batch, curves, mesa_worlds, metrics, posterior, setup, tool_setup
from sim.errors import PackError, RunError, WorkerError, choice, count
from sim.experiments import answers, workload
from sim.experiments.cubes import Cube
from sim.experiments.pairing import apart, check_current, check_plans
from sim.experiments.result import Result
from sim.experiments.traces import MOST_DRAWS, MOST_LUCK
from sim.records import provenance
from sim.scenario import as_scenario

MOST_BY_PRECISION = 20_000
COPIES = 2.7  # of the rows of a run that are held at a time, while they become tables
LONG_SINCE = 26  # weeks since the end of a record, from which that is said


def run(
    scenario,
    draws=100,
    luck=2,
    seed=1,
    precision=None,
    engine="compiled",
    uncertainty="full",
    threads=None,
    progress=None,
    developer_class=None,
):
    """What a team delivers, and how sure that is.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or the name or path of one.
    draws : int, >= 2
        Sets of the uncertain parameters.
    luck : int, >= 1
        Worlds under each; 2 at least to tell chance from ignorance.
    seed : int
        Any integer. The same seed gives the same rows, on any number of threads.
    precision : str or float, optional
        Such as "2%": add draws until the numerical error of mean work delivered (95%)
        is below this share of it; `draws` is then where it starts. Where the rows of the
        posterior leave more than that, the run stops and a caveat says so.
    engine : "compiled" or "mesa"
        Which clock; the rows are the same.
    uncertainty : "full" or "central"
        Whether parameters are drawn, from the joint posterior and the register, or all at
        their centre.
    threads : int, optional
        Threads of the compiled clock, or processes of the Mesa clock; all cores by default.
    progress : callable, optional
        Called with (worlds done, worlds in all) as the run goes on.
    developer_class : type, optional
        Subclass of Developer that the team is made of; needs engine="mesa". It may stand in
        a script or in a cell of a notebook.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError, RunError
        One line that says where, what and what would do; also where its rows cannot fit into
        memory.
    """
    plan = as_scenario(scenario)
    work = workload_of(plan, draws, luck, seed, None, engine, uncertainty, threads)
    _check_class(developer_class, engine)
    target = _precision(precision)
    work.refuse_unfit(RunError, f"{plan.name}: ")
    tell = progress or (lambda done, total: None)
    with _workers(engine, threads) as workers:
        how = (luck, engine, uncertainty, threads, workers, tell, developer_class)
        parts, short = _until_precise(plan, seed, draws, target, how)
    values, flows, drawn = _joined(parts)
    del parts
    design = {
        "seed": seed,
        "draws": len(values),
        "luck": luck,
        "engine": engine,
        "uncertainty": uncertainty,
        "precision": precision,
        "developer_class": developer_class.__qualname__ if developer_class else None,
    }
    return Result(
        plan,
        Cube(values, metrics.NAMES, {"draw": 0, "luck": 0}),
        Cube(flows, metrics.FLOWS, {"draw": 0, "luck": 0, "week": 1}),
        Cube(drawn, tuple(_uncertain(plan)), {"draw": 0}),
        caveats(plan, design, short),
        provenance.record(plan, **design),
        against,
    )


def workload_of(
    scenario,
    draws=100,
    luck=2,
    seed=1,
    precision=None,
    engine="compiled",
    uncertainty="full",
    threads=None,
    answer=False,
):
    """The Workload of a run, for which nothing runs; arguments as for `run`.

    answer : whether the plan that its question compares with runs too

    Raises what `run` raises of its arguments, but for memory.
    """
    plan = as_scenario(scenario)
    _check(draws, luck, seed, engine, uncertainty, threads)
    other = answers.check(plan)
    precise = _precision(precision) is not None
    most = max(draws, MOST_BY_PRECISION) if precise else draws
    work = workload.NOTHING
    for one in (plan, other) if answer and other else (plan,):
        work += workload.of_worlds(one, most, luck, threads, engine, weekly=True, copies=COPIES)
    return replace(work, at_most=precise)


def against(result, other, threads=None, progress=None):
    """The Comparison of a result with another plan, which runs over the same draws and luck.

    result : Result; other : Scenario
    threads, progress : as for `run`
    """
    from sim.experiments.comparison import Comparison  # late: pandas is slow to import

    label = apart(result.scenario.name, (other.name,))
    check_plans({other.name: other, label: result.scenario})
    check_current({label: result.provenance})
    design = {name: result.provenance[name] for name in ("draws", "luck", "seed", "uncertainty")}
    reference = run(other, **design, threads=threads, progress=progress)
    return Comparison({other.name: reference, label: result})


def _check(draws, luck, seed, engine, uncertainty, threads):
    for name, value, low, high in (
        ("draws", draws, 2, MOST_DRAWS),
        ("luck", luck, 1, MOST_LUCK),
        ("threads", 1 if threads is None else threads, 1, 1024),
    ):
        count(name, value, RunError, low, high)
    count("seed", seed, RunError)
    choice("engine", engine, ("compiled", "mesa"), RunError)
    choice("uncertainty", uncertainty, ("full", "central"), RunError)


def _check_class(developer_class, engine):
    if developer_class is None:
        return
    name = getattr(developer_class, "__qualname__", repr(developer_class))
    if engine != "mesa":
        raise RunError(f"developer_class = {name}: needs engine='mesa'")
    from sim.engine.team_model import Developer  # late: Mesa is slow to import

    if not (isinstance(developer_class, type) and issubclass(developer_class, Developer)):
        raise RunError(f"developer_class = {name}: must be a subclass of sim.Developer")


def _workers(engine, threads):
    """Processes for Mesa's clock, kept from batch to batch; None where there is need of none."""
    one = engine != "mesa" or (threads or os.cpu_count() or 1) == 1
    return contextlib.nullcontext() if one else mesa_worlds.Workers(threads)


def _until_precise(plan, seed, draws, target, how):
    """Batches of draws, as many as the precision takes; why it was not reached, or ""."""
    uncertainty = how[2]
    parts = [_batch(plan, seed, 0, draws, *how)]
    while target is not None:
        have = sum(len(part[0]) for part in parts)
        values, _, drawn = _joined(parts)
        mean, error, floor, rows = _main(plan, values, drawn, uncertainty)
        goal = target * abs(mean) / estimates.Z
        if error <= goal:
            break
        if floor > goal and have >= 2 * rows:
            return parts, _of_rows(plan, estimates.Z * floor / abs(mean) if mean else np.inf)
        if have >= MOST_BY_PRECISION:
            return parts, f"{MOST_BY_PRECISION:,} draws are the most."
        # The part above the floor falls with the root of the draws: aim at what is missing.
        need = (error**2 - floor**2) / (goal**2 - floor**2) if goal > floor else 4.0
        more = int(min(max(need * 1.05 * have - have, 16), 3 * have, MOST_BY_PRECISION - have))
        work = workload.of_worlds(plan, have + more, how[0], weekly=True, copies=COPIES)
        work.refuse_unfit(RunError, f"{plan.name}: precision: ")
        parts.append(_batch(plan, seed, have, more, *how))
    return parts, ""


def _joined(parts):
    """Values, flows and parameters of batches, one after another; of one, without a copy."""
    return parts[0] if len(parts) == 1 else tuple(map(np.concatenate, zip(*parts, strict=True)))


def _of_rows(plan, share):
    """Why no number of draws is enough, in words."""
    rows = len(setup.curve_set(plan).draws)
    return (
        f"the posterior has {rows:,} rows, which leave ±{share:.1%} of the mean however many "
        "draws are taken."
    )


def _precision(precision):
    if precision is None:
        return None
    found = re.fullmatch(r"\s*([\d.]+)\s*(%?)\s*", str(precision))
    try:
        value = float(found[1]) / (100 if found[2] else 1) if found else 0.0
    except ValueError:
        value = 0.0
    if not 1e-4 <= value < 1:
        raise RunError(f"precision = {precision!r}: must be a share such as '2%', 0.01% or more")
    return value


def _main(plan, values, drawn, uncertainty):
    """Mean of work delivered, its numerical error, the error no draws take out; rows there are."""
    y = values[:, :, 0]
    if uncertainty != "full":
        row = estimates.estimate(y, False)
        return row[0], row[estimates.COLUMNS.index("mc_error")], 0.0, 0
    named = dict(zip(_uncertain(plan), drawn.T, strict=True))
    levels = posterior.levels(named, plan.world.keys())
    row = estimates.estimate(y, True, groups=levels[0] if levels else None)
    mean, error = row[0], row[estimates.COLUMNS.index("mc_error")]
    if not levels:
        return mean, error, 0.0, 0
    shares = posterior.shares(setup.curve_set(plan), plan.world.keys())
    return mean, error, clusters.floor(y.mean(axis=1), levels[0], shares), len(shares)


def _batch(
    plan, seed, first, draws, luck, engine, uncertainty, threads, workers, tell, developer_class
):
    """Values (draws, luck, metrics), flows (draws, luck, weeks, flows), parameters (draws, p)."""
    drawn = setup.draw(plan, seed, first, draws, uncertainty == "full")
    points = batch.templates_of(plan, seed, drawn)
    place = np.repeat(np.arange(draws), luck)
    lucks = np.tile(np.arange(luck), draws)
    if engine == "mesa":
        worlds = points.worlds[place]
        values, flows = _on_mesa(
            workers, plan, seed, worlds, first + place, lucks, developer_class, tell
        )
    else:
        replication = setup.replication(first + place, lucks)
        values, flows = batch.simulate(points, place, replication, threads, True, tell)
    return (
        values.reshape(draws, luck, -1),
        flows.reshape(draws, luck, *flows.shape[1:]),
        np.stack([drawn[name] for name in _uncertain(plan)], axis=1),
    )


def _on_mesa(workers, plan, seed, worlds, draws, lucks, developer_class, tell):
    """Values (jobs, metrics) and flows (jobs, weeks, flows) on Mesa's clock."""
    try:
        return mesa_worlds.simulate(
            workers, plan, seed, worlds, draws, lucks, developer_class, tell
        )
    except (PackError, WorkerError) as error:
        raise RunError(str(error)) from None


def _uncertain(plan):
    """Names of what is drawn: world parameters, and a lever of which only a range is known."""
    levers = [] if plan.advanced_share.pinned else [setup.ADVANCED_SHARE]
    if any(not belief.pinned for belief in plan.horizon_beliefs.values()):
        levers.append(setup.HORIZON)
    of_record = [name for name in curves.OF_RECORD if name in setup.tier_curves(plan).columns]
    return [*parameters.world_parameters(), *of_record, *levers]


def groups_of(plan, seed, draws):
    """Draws of a plan that share what is one row of the posterior: int (draws,), or None."""
    drawn = setup.draw(plan, seed, 0, draws)
    levels = posterior.levels({n: drawn[n] for n in _uncertain(plan)}, plan.world.keys())
    return levels[0] if levels else None


def caveats(plan, design, short=""):
    """What belongs to every use of the numbers: tuple of Caveat.

    short : why the precision asked for was not reached, "" where it was
    """
    said = []
    found = setup.tier_curves(plan)
    if plan.uses_agent or found.record:
        said += found.caveats
    if plan.uses_agent:
        agents = [tool for tool in plan.tools if tool.kind == "agentic"]
        ahead = max((tool_setup.months(plan, tool) for tool in agents), key=abs)
        beyond = abs(ahead) - found.window_months
        if beyond > 0:
            way = "on" if ahead > 0 else "back"
            sentence = (
                f"The tool's curve is carried {abs(ahead):.1f} months {way} "
                f"by the published doubling time, {beyond:.1f} months beyond its evidence; the "
                "interval widens for that, but whether the trend holds is not known."
            )
            said.append(Caveat(sentence, TREND))
    said += map(Caveat, _about_record(plan))
    said += map(Caveat, (*_about_parameters(plan), *_about_replaced(plan)))
    said.append(Caveat("Plans for teams: says nothing about any one person."))
    if design["uncertainty"] == "central":
        sentence = (
            "All parameters at their centre: the interval is numerical error only and leaves out "
            "everything we do not know."
        )
        said.append(Caveat(sentence, CENTRAL))
    elif design["luck"] == 1:
        sentence = (
            "One luck a draw: chance and ignorance cannot be told apart; intervals are too wide."
        )
        said.append(Caveat(sentence, ONE_LUCK))
    if design.get("developer_class"):
        sentence = (
            f"The team behaves as {design['developer_class']} says, not as the rules of this model."
        )
        said.append(Caveat(sentence))
    if short:
        sentence = (
            f"The precision asked for, {design['precision']}, was not reached in "
            f"{design['draws']} draws: {short}"
        )
        said.append(Caveat(sentence, PRECISION))
    kinds = dict.fromkeys(plan.doubts, DOUBT)
    return (*said, *(Caveat(note, kinds.get(note, NOTE)) for note in plan.notes))


def _about_record(plan):
    """Where a plan starts that does not go on from the end of its record."""
    about = setup.tier_curves(plan).record
    weeks = setup.weeks_since_record(plan) if about else 0
    if weeks < -1:
        yield (
            f"The plan starts {-weeks} weeks before its record ends ({about['ends']}): its drift "
            "goes on from the end of the record all the same."
        )
    elif weeks > LONG_SINCE:
        yield (
            f"The record ended {weeks} weeks before the plan starts: the team's level has walked "
            "for as long, which widens every number; learn again from a newer export."
        )


def _about_parameters(plan):
    """How many parameters are assumption, and which were fitted jointly."""
    if setup.tier_curves(plan).record:
        return  # its own caveats say where parameters come from
    work = posterior.work()
    yield f"{assumed_words()}, with wide ranges; the register names them."
    yield (
        f"How people work ({len(work.columns)} parameters) is drawn jointly, as fitted to field "
        f"studies ({work.label}); those narrowed {len(work.fitted)} of them."
    )
    edited = [name for name in posterior.overridden() if name not in plan.world]
    if edited:
        yield (
            "calibration/register.toml was edited after the fit, whose posterior still gives "
            f"{', '.join(edited)}: the edit does nothing until it is fitted anew (python -m "
            "calibration.fit, then python -m calibration.work); or state it in [world]."
        )


def assumed_words():
    """How many of all uncertain parameters rest on assumption alone, in words, without a dot."""
    known = parameters.world_parameters()
    return (
        f"{len(posterior.assumed())} of {len(known)} uncertain parameters rest on assumption alone"
    )


def _about_replaced(plan):
    """Which parameters of the posterior the plan states itself."""
    own = [name for name in setup.curve_set(plan).updates if name in plan.world]
    if own:
        yield (
            f"[world] states {', '.join(own)}: in place of the posterior, whose correlations with "
            "the rest are lost."
        )
