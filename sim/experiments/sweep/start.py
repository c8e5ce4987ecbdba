"""Run a sweep: many points of a scenario, kept in a store that can be killed and gone on with."""

import contextlib
import hashlib
import inspect
import os
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sim import engine
from sim.engine import mesa_worlds
from sim.errors import (
    PackError,
    ScenarioError,
    SweepError,
    SweepStopped,
    SweepWarning,
    UnknownKeyError,
    choice,
    count,
)
from sim.experiments import leading, workload
from sim.experiments.sweep import as_written, design, execute, reference, store
from sim.experiments.sweep.chunk import Job
from sim.experiments.sweep.folder import folder
from sim.experiments.sweep.pools import (
    CHUNK_SECONDS,
    LEAST_ROWS,
    VERY_MOST_ROWS,
    Bar,
    Pace,
    Processes,
    Tell,
    Threads,
)
from sim.experiments.sweep.result import Sweep, known
from sim.experiments.sweep.study import is_study, load_study
from sim.experiments.traces import MOST_DRAWS, MOST_LUCK
from sim.files import content
from sim.records import provenance
from sim.records.words import DIRECTIONS, label
from sim.scenario import Scenario, as_scenario, curves_path, load

FEW = 50  # points of a design that is looked through before it starts
DEFAULTS = {"draws": 100, "luck": 2, "seed": 1, "uncertainty": "full", "weekly": False}
MOST_WEIGHED = 50  # points of which the work is estimated, besides the ends


def sweep(
    scenario,
    factors=None,
    out=None,
    draws=None,
    luck=None,
    seed=None,
    *,
    against=None,
    uncertainty=None,
    weekly=None,
    threads=None,
    cluster=None,
    model=None,
    strict=False,
    chunk=None,
    progress=None,
):
    """Run many points of a scenario, each over draws and luck, into a store on disk.

    Asking again for what is there costs nothing, and more draws, luck or points run only
    what is new. Killed at any moment, the same call goes on. Rows depend neither on threads,
    chunks or cluster, nor on what was run before.

    Parameters
    ----------
    scenario : Scenario, str or Path
        What the points change; or a study (a name or file), which states factors and the rest.
    factors : dict, Design, DataFrame or path of a CSV file
        A dict, dotted path -> values, gives all combinations. `sim.design` has the others:
        zipped, latin, sobol, table, mixtures, swaps.
    out : str or Path
        Folder of the store, or a URL for fsspec ("s3://..."); "results/NAME" by default.
    draws, luck, seed, uncertainty : as for `run`
        100, 2, 1 and "full" by default. All points meet the same draws and the same luck.
    against : Scenario, str or Path, optional
        A reference with which each point is compared world by world, as `compare` does; its worlds
        are run once. Its horizon and deadline must be those of the points.
    weekly : bool
        Whether to keep the flows of each week too; they are many times the rows.
    threads : int, optional
        Threads, or processes with `model`; all cores by default.
    cluster : str or distributed.Client, optional
        A Dask cluster, such as "tcp://10.0.0.1:8786", that runs the chunks.
    model : type, optional
        A subclass of TeamModel or Developer: it runs on the Mesa clock, in processes.
    strict : bool
        Whether the first failing point ends the sweep; otherwise it is a row with its error.
    chunk : int, optional
        Worlds in one file; what is lost when killed is at most the chunks being run.
    progress : bool or callable, optional
        Called with (worlds done, worlds in all, where the main metric stands). By default a
        bar on a terminal, and nothing elsewhere.

    Returns
    -------
    Sweep

    Raises
    ------
    SweepError, ScenarioError
        One line. Before anything runs, but for a full disk and for `strict`; also where a point's
        worlds cannot fit into memory.
    SweepStopped
        A KeyboardInterrupt that says what is kept and how to go on.
    """
    given = {"draws": draws, "luck": luck, "seed": seed, "uncertainty": uncertainty}
    given["weekly"] = weekly
    asked = _planned(scenario, factors, given, threads, chunk, against)
    if cluster is None:  # whose machines have memory of their own
        _work(asked, threads, model).refuse_unfit(SweepError, f"{asked.plan.name}: ")
    packed = packed_model(model)
    target = folder(out if out is not None else Path("results") / asked.name)
    manifest = _manifest(asked, packed[1], target)
    store.refuse_foreign(target)
    with _errors_in_one_line(target), target.locked():
        points = _opened(target, manifest, asked, packed[0])
        result = Sweep(target, points.store)
        if strict and len(result.failures):
            first = result.failures.iloc[0]
            raise SweepError(execute.failure(points.store, first["point"], first["error"]))
        parts = [points]
        if asked.against is not None:
            parts.insert(0, _reference(target, asked, packed))
        _run(parts, asked.options, (threads, cluster, model), chunk, strict, progress)
        if model is None and asked.against is None:
            as_written.keep(points.store, asked.plan, points.numbers, asked.options, threads)
    _warn_failed(result)
    return result


class Asked(NamedTuple):
    """What a sweep is asked for, checked.

    name     of its folder
    plan     Scenario that its points change
    points   Design
    options  dict of draws, luck, seed, uncertainty, weekly
    against  Scenario of the reference, or None
    """

    name: str
    plan: Scenario
    points: Any
    options: dict
    against: Scenario | None = None


class Part(NamedTuple):
    """An open store, what its chunks share, and the points asked of it."""

    store: store.Store
    job: Job
    numbers: list


def _opened(target, manifest, asked, pickled):
    """The Part of a folder, with its points and what is asked of them written down."""
    open_ = store.new_or_same(target, manifest)
    store.take_stock(open_)
    numbers = open_.add_points(asked.points)
    options = asked.options
    open_.ask(numbers, design=asked.points.kind, **{n: options[n] for n in ("draws", "luck")})
    job = Job(
        asked.plan, options["seed"], options["uncertainty"] == "full", options["weekly"],
        open_.manifest["factors"], engine.source_hash(), store.identity(open_.manifest), pickled,
    )  # fmt: skip
    _warn_damaged(open_)
    return Part(open_, job, numbers)


def _reference(target, asked, packed):
    """The Part of the reference, in a folder within that of the sweep."""
    alone = Asked(asked.name, asked.against, design.Alone(), asked.options)
    below = target.below(store.AGAINST)
    return _opened(below, _manifest(alone, packed[1], below), alone, packed[0])


def workload_of(
    scenario,
    factors=None,
    draws=None,
    luck=None,
    seed=None,
    *,
    against=None,
    uncertainty=None,
    weekly=None,
    threads=None,
    model=None,
):
    """The Workload of a whole sweep, for which nothing runs; arguments as for `sweep`.

    Of all its points, also where some are in its store already.

    Raises what `sweep` raises of its arguments, but for memory.
    """
    given = {"draws": draws, "luck": luck, "seed": seed, "uncertainty": uncertainty}
    given["weekly"] = weekly
    return _work(_planned(scenario, factors, given, threads, against=against), threads, model)


def _planned(scenario, factors, given, threads, chunk=None, against=None):
    """What is Asked of a sweep, checked."""
    name, plan, points, stated = _stated(scenario, factors)
    if against is None:
        against = stated.pop("against", None)
    stated.pop("against", None)
    options = DEFAULTS | stated | {k: v for k, v in given.items() if v is not None}
    _check(options, threads, chunk)
    _check_paths(plan, points)
    if against is not None:
        plan, against = reference.planned(plan, points, against)
    return Asked(name, plan, points, options, against)


def _work(asked, threads, model):
    """The Workload of all points, from some and those at the ends, and of the plan beside them.

    That is the reference, or without one the plan as written.
    """
    _, plan, points, options, against = asked
    draws, luck, weekly = (options[name] for name in ("draws", "luck", "weekly"))
    engine = "compiled" if model is None else "mesa"
    plans = []
    for i in points.some(MOST_WEIGHED):
        with contextlib.suppress(ScenarioError):  # a failing point runs nothing
            plans.append(plan.replace(points.point(i)))
    each = [workload.of_worlds(one, draws, luck, threads, engine) for one in plans]
    if not each:
        return workload.NOTHING
    whole = sum(each, workload.NOTHING)
    share = len(points) / len(each)
    own = workload.NOTHING
    if against is not None:
        own = workload.of_worlds(against, draws, luck, threads, engine).freed()
    elif model is None:
        own = as_written.workload_of(plan, points.point, range(len(points)), options, threads)
    return own + replace(
        whole, worlds=len(points) * draws * luck, events=whole.events * share,
        seconds=whole.seconds * share, memory=_memory(plans, luck, weekly, whole.threads),
        kept=0.0,
    )  # fmt: skip


def _memory(plans, luck, weekly, threads):
    """Most memory that chunks on so many threads take [bytes]."""

    def of(plan):
        one, weeks = workload.world(plan), plan.horizon.weeks if weekly else 0
        worlds = min(max(CHUNK_SECONDS / one.seconds, LEAST_ROWS), VERY_MOST_ROWS)
        row = 3 * (workload.VALUES + weeks * workload.FLOWS) + workload.TEMPLATE / luck
        return one.memory + worlds * row

    return threads * max(map(of, plans))


def _stated(scenario, factors):
    """Name, scenario, design and options, from a study or from a scenario with its factors."""
    if factors is None:
        if isinstance(scenario, Scenario) or (not is_study(scenario) and _is_scenario(scenario)):
            raise SweepError(f"{_name(scenario)}: a sweep needs factors, or the name of a study")
        study = load_study(scenario)
        return study.name, study.plan, study.design, dict(study.options)
    plan = as_scenario(scenario)
    return plan.name, plan, design.design_of(factors), {}


def _is_scenario(name):
    with contextlib.suppress(ScenarioError):
        return bool(load(name))
    return False


def _name(scenario):
    return scenario.name if isinstance(scenario, Scenario) else str(scenario)


def _check(options, threads, chunk):
    for name, value, low, high in (
        ("draws", options["draws"], 2, MOST_DRAWS),
        ("luck", options["luck"], 1, MOST_LUCK),
        ("threads", 1 if threads is None else threads, 1, 1024),
        ("chunk", 1 if chunk is None else chunk, 1, 1_000_000),
    ):
        count(name, value, SweepError, low, high)
    count("seed", options["seed"], SweepError)
    choice("uncertainty", options["uncertainty"], ("full", "central"), SweepError)
    if not isinstance(options["weekly"], bool):
        raise SweepError(f"weekly = {options['weekly']!r}: must be true or false")


def _check_paths(plan, points):
    """Refuse a path no scenario has; a value that one cannot have is a failing point's matter."""
    for path, values in points.factors.items():
        try:
            plan.replace({path: values[0]})
        except UnknownKeyError as error:
            raise SweepError(str(error)) from None
        except ScenarioError:
            continue  # of the value: a failing point
    if len(points) <= FEW and (faults := _faults(plan, points)):
        raise SweepError(f"no point is a plan: {faults[0]}")


def _faults(plan, points):
    """Why each point is no plan, where none of them is one: list of str."""
    faults = []
    for i in range(len(points)):
        try:
            plan.replace(points.point(i))
        except ScenarioError as error:
            faults.append("; ".join(str(error).splitlines()))
        else:
            return []
    return faults


def packed_model(model):
    """The pickle of a subclass, and what the manifest says of it."""
    if model is None:
        return None, None
    from sim.engine.team_model import Developer, TeamModel  # late: Mesa is slow to import

    if not isinstance(model, type) or not issubclass(model, (Developer, TeamModel)):
        raise SweepError(f"model = {model!r}: must be a subclass of TeamModel or of Developer")
    try:
        pickled = mesa_worlds.pack(model)
    except PackError as error:
        raise SweepError(str(error)) from None
    try:
        source = inspect.getsource(model).encode()
    except (OSError, TypeError):
        source = pickled
    return pickled, f"{model.__qualname__} {hashlib.sha256(source).hexdigest()[:12]}"


def _manifest(asked, model, target):
    _, plan, points, options, against = asked
    same = {name: options[name] for name in ("seed", "uncertainty", "weekly")}
    of = {
        "draws": options["draws"],
        "luck": options["luck"],
        "engine": "mesa" if model else "compiled",
    }
    held = {} if against is None else {"against": reference.noted(against)}
    return held | {
        "format": store.FORMAT,
        "name": plan.name,
        "question": plan.question,
        "scenario": reference.levers(plan),
        "scenario_sha256": plan.sha256,
        "folder": _folder_of(plan, target),
        "factors": {path: _kind(values) for path, values in points.factors.items()},
        **same,
        "model": model,
        "inputs": _inputs(plan, points),
        "provenance": provenance.record(plan, **of, **same),
    }


def _folder_of(plan, target):
    """The plan's folder from that of the sweep, so that both may move; None where there is none."""
    if plan._folder is None or not hasattr(target, "path"):
        return None
    with contextlib.suppress(ValueError):  # on another drive
        return os.path.relpath(plan._folder.resolve(), target.path.resolve())
    return None


def _kind(values):
    """How the column of a factor is stored."""
    kinds = {
        "truth" if isinstance(v, bool) else "number" if isinstance(v, (int, float))
        else "text" if isinstance(v, str) else "json"
        for v in values
    }  # fmt: skip
    return kinds.pop() if len(kinds) == 1 else "json"


def _inputs(plan, points):
    """Fingerprints of the files that values of a factor name: curve sets and tool profiles."""
    hashes = {}
    for path in ("tool.curves", "tool.profile"):
        for value in dict.fromkeys(map(str, points.factors.get(path, ()))):
            try:
                if path == "tool.curves":
                    data = content(curves_path(value, plan._folder))
                else:
                    data = repr(plan.replace({path: value}).to_dict()["tool"]).encode()
            except ScenarioError:
                continue  # a failing point
            hashes[f"{path} = {value}"] = hashlib.sha256(data).hexdigest()[:16]
    return hashes


@contextlib.contextmanager
def _errors_in_one_line(target):
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise SweepError(f"{target.name}: cannot be written ({reason})") from None


def _run(parts, options, workers, chunk, strict, progress):
    """Run what is missing of each part, the reference first, with progress over all of them."""
    draws, luck = options["draws"], options["luck"]
    total = sum(len(part.numbers) for part in parts) * draws * luck
    bar = Bar(progress) if progress is None or isinstance(progress, bool) else None

    def missing(*parts):
        counts = (execute.count_missing(p.store, p.numbers, draws, luck) for p in parts)
        return sum(counts)

    try:
        for place, part in enumerate(parts):
            if left := missing(part):
                pool = _pool(*workers)
                pace = Pace(left, pool.workers, part.job.model is not None, chunk)
                tell = Tell(total - missing(*parts), total, draws, bar or progress, pace)
                todo = execute.chunks(part.store, part.numbers, draws, luck, pace)
                execute.run(part.store, part.job, todo, pool, tell, strict)
            else:
                part.store.save_status()
            if place < len(parts) - 1:
                reference.refuse_failed(Sweep(part.store.folder, part.store))
    except SweepStopped:
        done = total - missing(*parts)
        raise SweepStopped(
            f"{parts[-1].store.folder.name}: stopped with {done:,} of {total:,} worlds done; the "
            "same sweep goes on from there"
        ) from None
    finally:
        if bar is not None:
            bar.close()


def _pool(threads, cluster, model):
    if cluster is not None:
        from sim.experiments.sweep.pools import Dask  # late: Dask is slow to import

        return Dask(cluster)
    return Threads(threads) if model is None else Processes(threads)


def _warn_damaged(open_):
    for names, what in (
        (open_.damaged, "cut short or altered; those worlds are run again"),
        (open_.overlapping, "dropped, for another holds its worlds; what lacks is run again"),
    ):
        if names:
            count = f"{len(names)} file{'s were' if len(names) > 1 else ' was'}"
            sentence = f"{open_.folder.name}: {count} {what}: {store.listed(names)}"
            warnings.warn(sentence, SweepWarning, stacklevel=3)
    store.warn_foreign(open_)


def _warn_failed(result):
    if len(result.failures):
        warnings.warn(result.failed_line(), SweepWarning, stacklevel=3)


# ---- factors and metrics as a person types them on a command line --------------------------------


def asked_factors(vary, points=None):
    """Factors from texts such as "team.novice=0,1,2", or a table's file; None where none is."""
    if vary and points is not None:
        raise SweepError("--vary and --points: state one of them")
    if points is not None:
        return design.table(points)
    factors: dict[str, list] = {}
    for text in vary:
        path, equals, values = text.partition("=")
        if not equals or not path.strip():
            raise SweepError(f"--vary {text}: must read PATH=VALUE,VALUE such as team.novice=0,1,2")
        if path.strip() in factors:
            raise SweepError(f"--vary {path.strip()}: stated twice")
        factors[path.strip()] = [_word(value) for value in values.split(",") if value.strip()]
    return factors or None


def _word(text):
    """A value as a person types it: a number or a truth value if it reads so, else a word."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def check_metric(name, against=None):
    """Refuse a metric that is none, or that a reference lacks, before anything runs.

    against : name or path of the reference
    """
    known(name)
    if not DIRECTIONS[name]:
        raise SweepError(f"{name}: neither more nor less is better, so points cannot be ranked")
    if against is not None and (lacking := leading.lacks(plan := as_scenario(against), name)):
        raise SweepError(
            f"{plan.name}: must state {lacking}: without it no point can be compared with it in "
            f"{label(name)}"
        )
