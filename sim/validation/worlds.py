"""One scenario run on either clock with everything it leaves behind; scenarios to run so.

Worlds whose answer is known before they run are made of these: an expert by hand who is certain
and exact, one change at a time.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from sim.engine import batch, clock, measuring, mechanisms, metrics, setup
from sim.scenario import Scenario

# Each is switched on where it is tested, but for what a level is worth by hand.
_OFF = [name for name in mechanisms.MECHANISMS if name != "level by hand"]
BY_HAND = {  # an expert by hand needs exactly the size, and is always right
    "hand_noise_sd": 0.0,
    "hand_success_expert": 50.0,
    "hand_success_per_level": 0.0,
    "hand_success_advanced": 0.0,
    "defect_hand": 0.0,
    "learning_rate": 0.0,
    "communication_loss": 0.0,
    **mechanisms.vanishing(*_OFF),
}


@dataclass
class World:
    """The final state of one simulated world.

    world (structured scalar), developers (n,), tasks (created,), weeks (w,), calendar (n, w) :
        arrays whose fields `sim.engine.state` defines
    row       (metrics,)
    weekly    (w, flows), amounts of each week
    trace     (stretches,), one row for each period somebody worked without a break
    """

    world: np.void
    developers: np.ndarray
    tasks: np.ndarray
    weeks: np.ndarray
    calendar: np.ndarray
    row: np.ndarray
    weekly: np.ndarray
    trace: np.ndarray

    @property
    def metrics(self):
        """Every output by its name."""
        return dict(zip(metrics.NAMES, self.row.tolist(), strict=True))

    @property
    def stream(self):
        """Tasks of the one ordered stream, in its order: no further parts, no fixes of defects."""
        return self.tasks[(self.tasks["stream"] == 1) & (self.tasks["part"] == 0)]


def run(plan, seed=1, draw=0, luck=0, uncertain=True):
    """One world on the compiled clock."""
    values = setup.draw(plan, seed, draw, 1, uncertain)
    world = setup.worlds(plan, seed, values)
    world["replication"] = setup.replication(draw, luck)
    return run_prepared(plan, world)


def run_many(plan, count, seed=1, uncertain=False, first=0):
    """`count` worlds of one draw (the central one unless `uncertain`), luck by luck."""
    world = setup.worlds(plan, seed, setup.draw(plan, seed, 0, 1, uncertain))
    for luck in range(first, first + count):
        # Central parameters are the same for every draw, so any number of lucks will do.
        world["replication"] = luck if not uncertain else setup.replication(0, luck)
        yield run_prepared(plan, world)


def outputs(plan, seed, draws, luck, threads=None, tell=None, names=metrics.NAMES, weekly=False):
    """Outputs of draws x luck worlds: (draws, luck, names); flows: (draws, luck, weeks, names).

    names : of outputs, or of flows where `weekly`
    """
    points = batch.templates_of(plan, seed, setup.draw(plan, seed, 0, draws))
    draw, lucks = np.repeat(np.arange(draws), luck), np.tile(np.arange(luck), draws)
    replication = setup.replication(draw, lucks)
    rows, flows = batch.simulate(points, draw, replication, threads, weekly, tell, chunk=512)
    known = metrics.FLOWS if weekly else metrics.NAMES
    chosen = (flows if weekly else rows)[..., [known.index(name) for name in names]]
    return chosen.reshape(draws, luck, *chosen.shape[1:])


def run_prepared(plan, world):
    """The world of a template (1,), run on the compiled clock with arrays of its own."""
    team = setup.team(plan)
    capacity, stretches = 1024, 4096
    while True:
        scratch = setup.Scratch(len(team), plan.horizon.weeks, stretches, capacity)
        scratch.world[0] = world[0]
        scratch.developers[:] = team
        enough = clock.run(*scratch.arrays)
        traced = int(scratch.world[0]["stretches"])
        if not enough:
            capacity *= 4
        elif traced > stretches:
            stretches = traced
        else:
            break
    row = np.zeros(len(metrics.NAMES))
    weekly = np.zeros((plan.horizon.weeks, len(metrics.FLOWS)))
    measuring.measure(scratch.arrays[:5], row)
    measuring.by_week(scratch.world, scratch.weeks, weekly)
    tasks = scratch.tasks[: scratch.world[0]["n_tasks"]]
    return World(
        scratch.world[0], scratch.developers, tasks, scratch.weeks,
        scratch.calendar.reshape(len(team), plan.horizon.weeks), row, weekly,
        scratch.trace[:traced],
    )  # fmt: skip


def run_mesa(plan, seed=1, draw=0, luck=0, uncertain=True, **options):
    """The same world on Mesa's clock."""
    from sim.engine.team_model import TeamModel  # late: Mesa is slow to import

    return of_mesa(TeamModel(plan, seed, draw, luck, uncertain, trace=True, **options).run())


def of_mesa(model):
    """A TeamModel that has reached its horizon, as a World."""
    return World(
        model.world[0], model.developers, model.tasks[: model.world[0]["n_tasks"]], model.weeks,
        model.calendar.reshape(len(model.developers), len(model.weeks)), model.metrics(),
        model.weekly(), model.stretches(),
    )  # fmt: skip


def differences(one, other):
    """Names of what differs between two worlds, bit by bit; NaN equals NaN."""
    names = [
        name
        for name, a, b in zip(metrics.NAMES, one.row, other.row, strict=True)
        if not np.array_equal(a, b, equal_nan=True)
    ]
    if not np.array_equal(one.weekly, other.weekly, equal_nan=True):
        names.append("weekly")
    if not np.array_equal(one.trace, other.trace):
        names.append("trace")
    for part, unlike in (
        ("world", ("stretches",)),
        ("developers", ()),
        ("tasks", ()),
        ("calendar", ()),
    ):
        a, b = getattr(one, part), getattr(other, part)
        if a.shape != b.shape:
            names.append(part)
            continue
        names += [
            f"{part}.{name}"
            for name in a.dtype.names
            if name not in unlike and not np.array_equal(a[name], b[name], equal_nan=True)
        ]
    return names


def plan(**changes):
    """The baseline with a whole table replaced or merged, as a file that extends it would."""
    return Scenario.from_dict({"question": "Is it so?", **changes})


def alone(hours=4.0, backlog=None, weeks=10, experts=1, **world):
    """Experts by hand, certain and exact: constant sizes, no tool, no review, no defects."""
    tasks = {
        "advanced_share": 0.0,
        "fix_share": 0.0,
        "average": {"size": "constant", "mean_hours": hours},
        "advanced": {"size": "constant", "mean_hours": hours},
    }
    if backlog is not None:
        tasks["backlog"] = backlog
    return plan(
        horizon={"weeks": weeks},
        team={"expert": experts},
        tasks=tasks,
        tool={"profile": "none"},
        policy={
            "review": "none",
            "routing": "fifo",
            "stretch_hours": 1000.0,
            "split_hours": 10_000.0,
        },
        world=BY_HAND | {"dev_share": 0.5} | world,
    )


# ---- scenarios of every shape ------------------------------------------------------------------

LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")
SHAPES = tomllib.loads(files("sim.validation").joinpath("shapes.toml").read_text(encoding="utf-8"))
ALL_TIES = SHAPES["ties"]
ONE_IN_FIVE = (False,) * 4 + (True,)


def picker(seed):
    """`pick(options)` from a seed."""
    rng = np.random.default_rng(seed)
    return lambda options: options[int(rng.integers(len(options)))]


def any_scenario(pick):
    """A valid scenario with every lever picked, of at most 8 people and 2 to 6 weeks.

    pick : function of options that gives one of them, so that a seeded generator (`picker`) and
        Hypothesis walk the same space
    """
    weeks = pick(range(2, 7))
    domains = pick(({}, {}, {"data": 0.7, "web": 0.3}))
    team, people = _people(pick, domains)
    work, tool = dict(pick(SHAPES["work"])), _tool(pick)
    options = SHAPES["world"].items()
    world = {name: pick(values) for name, values in options if pick(ONE_IN_FIVE)}
    if pick(ONE_IN_FIVE):
        world |= ALL_TIES
    share = (0.3, 0.0, 1.0)
    work |= {"advanced_share": pick(share), "fix_share": pick(share)}
    work |= {"average": pick(SHAPES["sizes"]), "advanced": pick(SHAPES["sizes"])}
    tool["curves"] = pick(("study", "study", "headline"))
    policy = {lever: pick(values) for lever, values in SHAPES["policy"].items()}
    staffing = _staffing(pick, team, domains, weeks)
    return plan(
        horizon={"weeks": weeks}, team=team, people=people, tasks=work, tool=tool, policy=policy,
        world=world, domains=domains, **staffing,
    )  # fmt: skip


def staged_scenario(pick):
    """A scenario as `any_scenario` picks one, with cohorts, absence, rollouts and freezes."""
    base = any_scenario(pick)
    weeks = base.horizon.weeks
    cohorts = [
        {
            "seats": pick((2, 1)), "target": pick(LEVELS[2:]), "weeks": 1,
            "start_week": pick(range(weeks)), "trainer_hours_per_week": pick((0.0, 5.0, 60.0)),
        }
        for _ in range(pick((1, 3)))
    ]  # fmt: skip
    absence = {
        "leave": pick((0.1, 0.0)), "sickness": pick((0.0, 0.5)),
        "holiday_weeks": pick(([], [0], [1])),
    }  # fmt: skip
    waiting = 0 if base.policy.review == "none" else pick((3, 0))
    now = {"open": 10, "advanced": pick((3, 10)), "in_hand": pick((4, 0))}
    rows = [
        {
            "week": pick(range(weeks)), "profile": pick(SHAPES["profiles"]),
            "share": pick((1.0, 0.5)), "weeks": pick((0, 2)), "curve": pick(("even", "s")),
            "role": pick(("any", "adjacent")), "first": pick(("spread", "lowest", "highest")),
        }
        for _ in range(pick((2, 0, 1, 3)))
    ]  # fmt: skip
    more = {"now": now | {"waiting_review": waiting}} if pick((True, False)) else {}
    freeze = {"review_weeks": pick(([1], [0, 1], [])), "release_weeks": pick(([1], [0, 1], []))}
    staged = {"trainings": cohorts, "absence": absence, "rollout": rows, "freeze": freeze} | more
    small = {"policy.unreviewed_share": pick((0.5, 0.0)), "policy.unreviewed_hours": 2.0}
    plan = base.replace(staged).replace(small)
    if plan.tasks.backlog is None:
        return plan
    return plan.replace({"tasks.blocked_share": pick((0.5, 0.0)), "tasks.chain_length": 3})


def _people(pick, domains):
    """Counts by level, and people stated one by one."""
    team: dict[str, Any] = {}
    people = []
    for _ in range(pick(range(9))):
        role = pick(("engineer", "engineer", "engineer", "adjacent"))
        if pick((True, True, False)):
            counts = team if role == "engineer" else team.setdefault("adjacent", {})
            level = pick(LEVELS)
            counts[level] = counts.get(level, 0) + 1
        else:
            level = pick(SHAPES["levels"])
            if domains and pick((True, False)):
                level = {"data": level, "web": pick(LEVELS)}
            hours = pick((40.0, 20.0, 33.3, 60.0))
            people.append({"count": 1, "level": level, "role": role, "hours_per_week": hours})
    return team, people


def _tool(pick):
    tool = {"profile": pick(SHAPES["profiles"])}
    if tool["profile"] != "none":
        tool["adoption"] = pick((1.0, 0.5, 0.0))
    if tool["profile"].startswith(("claude", "agent")):
        tool["improves"] = pick((False, True))
        tool["version"] = pick(("start", "date"))
    return tool


def _staffing(pick, team, domains, weeks):
    """Training, joiners, leavers, attrition and money, each or none."""
    never = (False,) * 2 + (True,)
    chosen: dict[str, Any] = {}
    if pick(never):
        length = pick(range(1, weeks))
        chosen["training"] = {
            "seats": pick((1, 3)), "target": pick(LEVELS), "weeks": length,
            "start_week": pick(range(weeks - length + 1)), "role": pick(("any", "engineer")),
            "hours_per_week": pick((4.0, 60.0)), "trainer_hours_per_week": pick((0.0, 5.0)),
            "cost_per_seat": 100.0,
        }  # fmt: skip
        if domains:
            chosen["training"]["domain"] = "data"
    if pick(never):
        chosen["joiners"] = [
            {
                "count": pick((1, 2)), "level": pick(("novice", [2.0, 4.5], "expert")),
                "role": pick(("engineer", "adjacent")), "week": pick(range(weeks)),
                "weeks_to_fill": pick((0.0, 1.5)), "hiring_cost": 1000.0,
            }
        ]  # fmt: skip
    there = [level for level in LEVELS if team.get(level)]
    if there and pick(never):
        leaver = {"level": pick(there), "role": "engineer", "week": pick(range(weeks))}
        chosen["leavers"] = [leaver]
    if pick(never):
        chosen["attrition"] = {
            "per_year": pick((5.0, 0.1, 0.0)), "refill": pick((True, False)),
            "weeks_to_fill": pick((1.0, 0.0)),
        }  # fmt: skip
    if pick(never):
        chosen["money"] = {
            "currency": "EUR", "engineer": SHAPES["pay"], "adjacent": SHAPES["pay"],
            "tool_per_person_month": 100.0,
        }  # fmt: skip
        if pick((True, False)):
            chosen["money"]["price_per_expert_hour"] = 90.0
    return chosen
