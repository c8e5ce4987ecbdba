"""Run a sweep: many points of a scenario, kept in a store that can be killed and gone on with."""

import contextlib
import hashlib
import inspect
import os
import warnings
from dataclasses import replace
from pathlib import Path

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
from sim.experiments import workload
from sim.experiments.sweep import as_written, design, execute, store
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
from sim.records.words import DIRECTIONS
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
    name, plan, points, options = _planned(scenario, factors, given, threads, chunk)
    if cluster is None:  # whose machines have memory of their own
        _work(plan, points, options, threads, model).refuse_unfit(SweepError, f"{plan.name}: ")
    pickled, model_name = packed_model(model)
    target = folder(out if out is not None else Path("results") / name)
    manifest = _manifest(plan, points, options, model_name, target)
    store.refuse_foreign(target)
    with _errors_in_one_line(target), target.locked():
        open_ = store.new_or_same(target, manifest)
        store.take_stock(open_)
        numbers = open_.add_points(points)
        shape = {name: options[name] for name in ("draws", "luck")}
        open_.ask(numbers, design=points.kind, **shape)
        job = Job(
            plan, options["seed"], options["uncertainty"] == "full", options["weekly"],
            open_.manifest["factors"], engine.source_hash(), store.identity(open_.manifest),
            pickled,
        )  # fmt: skip
        _warn_damaged(open_)
        result = Sweep(target, open_)
        if strict and len(result.failures):
            first = result.failures.iloc[0]
            raise SweepError(execute.failure(open_, first["point"], first["error"]))
        _run(open_, job, numbers, options, (threads, cluster, model), chunk, strict, progress)
        if model is None:
            as_written.keep(open_, plan, numbers, options, threads)
    _warn_failed(result)
    return result


def workload_of(
    scenario,
    factors=None,
    draws=None,
    luck=None,
    seed=None,
    *,
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
    _, plan, points, options = _planned(scenario, factors, given, threads)
    return _work(plan, points, options, threads, model)


def _planned(scenario, factors, given, threads, chunk=None):
    """Name, scenario, design and options of a sweep, checked."""
    name, plan, points, stated = _asked(scenario, factors)
    options = DEFAULTS | stated | {k: v for k, v in given.items() if v is not None}
    _check(options, threads, chunk)
    _check_paths(plan, points)
    return name, plan, points, options


def _work(plan, points, options, threads, model):
    """The Workload of all points, from some and those at the ends, and of the plan as written."""
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
    if model is None:
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


def _asked(scenario, factors):
    """Name, scenario, design and options, from a study or from a scenario with its factors."""
    if factors is None:
        if isinstance(scenario, Scenario) or (not is_study(scenario) and _is_scenario(scenario)):
            raise SweepError(f"{_name(scenario)}: a sweep needs factors, or the name of a study")
        study = load_study(scenario)
        return study.name, study.plan, study.design, study.options
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


def _manifest(plan, points, options, model, target):
    levers = plan.to_dict()
    levers.pop("question")
    same = {name: options[name] for name in ("seed", "uncertainty", "weekly")}
    of = {
        "draws": options["draws"],
        "luck": options["luck"],
        "engine": "mesa" if model else "compiled",
    }
    return {
        "format": store.FORMAT,
        "name": plan.name,
        "question": plan.question,
        "scenario": levers,
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


def _run(open_, job, numbers, options, workers, chunk, strict, progress):
    """Run what is missing, with progress."""
    draws, luck = options["draws"], options["luck"]
    left = execute.count_missing(open_, numbers, draws, luck)
    if not left:
        open_.save_status()
        return
    total = len(numbers) * draws * luck
    pool = _pool(*workers)
    bar = Bar(progress) if progress is None or isinstance(progress, bool) else None
    pace = Pace(left, pool.workers, job.model is not None, chunk)
    tell = Tell(total - left, total, draws, bar or progress, pace)
    todo = execute.chunks(open_, numbers, draws, luck, pace)
    try:
        execute.run(open_, job, todo, pool, tell, strict)
    except SweepStopped:
        left = execute.count_missing(open_, numbers, draws, luck)
        raise SweepStopped(
            f"{open_.folder.name}: stopped with {total - left:,} of {total:,} worlds done; the "
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


def check_metric(name):
    """Refuse a metric that is none before anything runs."""
    known(name)
    if not DIRECTIONS[name]:
        raise SweepError(f"{name}: neither more nor less is better, so points cannot be ranked")
