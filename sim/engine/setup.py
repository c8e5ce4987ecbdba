"""From a scenario and a draw of the uncertain parameters to the arrays a run starts with."""

import math
from datetime import date

import numpy as np

from sim import parameters
from sim.engine import curves, luck, posterior, state, tool_setup
from sim.engine.tool_setup import HORIZON, TOOLS
from sim.scenario import people as people_tables
from sim.scenario import tables
from sim.scenario.absence import days_off
from sim.scenario.calendar_days import first_day
from sim.scenario.rollouts import users
from sim.scenario.trainings import participants

_LEVEL = {name: float(i + 1) for i, name in enumerate(curves.LEVELS)}
ADVANCED_SHARE = "tasks.advanced_share"  # a lever that may be known only as a distribution
MOST_WEEKS_APART = 104  # that a plan may start before or after its record ends
MEAN_LEVEL = 3.37  # of the studied sessions (evidence row study-mean-level): the gap's pivot
_SIZES = state.words(tables.Size, "size")
_ROLES = state.words(people_tables.People, "role")


def tier_curves(plan):
    """The curve set a scenario names, with its caveats."""
    return curves.read(plan.curves_file)


def curve_set(plan):
    """The curve set a scenario names, its rows joined with those of the work posterior."""
    return posterior.joined(tier_curves(plan))


def blocks(plan):
    """Parameters in each block of the posterior, but for those that the scenario states itself."""
    every = posterior.blocks(tier_curves(plan))
    return {
        block: tuple(name for name in names if name not in plan.world)
        for block, names in every.items()
    }


def draw(plan, seed, first, count, uncertain=True):
    """Values of every uncertain parameter for draws first ... first + count - 1.

    returns : dict name -> (count,); "curve" -> (count, 7), the rates of curves.RATES

    Draw i of a parameter depends on seed, i and its name alone, so scenarios
    compared at one seed share what they have in common. The parameters that were
    fitted, with a curve set or with how people work, come from one row of the joint
    posterior, with their correlations; one that the scenario's [world] states is the
    scenario's, and the rest of the row stays: its rates, and with them the curve that
    averages to them. Off, `uncertain` takes the posterior's central row.
    """
    found = curve_set(plan)
    share = plan.advanced_share
    if not uncertain:
        values = {k: np.full(count, v) for k, v in parameters.central(plan.world).items()}
        values[ADVANCED_SHARE] = np.full(count, share.central)
        values |= _horizons(plan, lambda belief: np.full(count, belief.central))
        return put_posterior(values, plan, found, np.tile(found.central, (count, 1)))
    key = luck.key_of(seed)

    def uniforms(name):
        out = np.empty(first + count)
        luck.uniforms(key, luck.name_entity(name), out)
        return out[first:]

    values = parameters.draws(parameters.world_parameters(), plan.world, uniforms)
    values[ADVANCED_SHARE] = share.quantile(uniforms(ADVANCED_SHARE))
    values |= _horizons(plan, lambda belief: belief.quantile(uniforms(HORIZON)))
    rows = (uniforms("curve") * len(found.draws)).astype(np.int64)
    return put_posterior(values, plan, found, found.draws[rows])


def _horizons(plan, value):
    """Horizons of tools that have one of their own: path -> (draws,); and HORIZON, the first's.

    value : function of a belief. On one scale of tools: where one can do more than is believed, so
    can another.
    """
    found = {path: value(belief) for path, belief in plan.horizon_beliefs.items()}
    return {HORIZON: next(iter(found.values()))} | found if found else {}


def put_posterior(values, plan, found, rows):
    """Values with those of a curve set's rows in place, but for what the scenario overrides."""
    size = len(curves.RATES)
    for place, name in enumerate(found.updates):
        if name not in plan.world:
            values[name] = rows[:, size + place]
    return values | {"curve": rows[:, :size]}


def replication(draw, luck):
    """Number of the world of draw i and luck k; both keep theirs when there are more of them."""
    return (np.asarray(draw, np.int64) << 12) | np.asarray(luck, np.int64)


def worlds(plan, seed, values):
    """One world for each draw: its parameters, curves and the scenario's levers.

    values : as `draw` returns them
    returns : structured (draws,) of state.WORLD
    """
    rows = np.zeros(len(values["slope_per_doubling"]), state.WORLD)
    for name in state.PARAMETERS:
        rows[name] = values[name]
    _put_place(rows)
    rows["key"] = luck.key_of(seed)
    _put_levers(rows, plan)
    _put_record(rows, plan, values)
    rows["advanced_share"] = values[ADVANCED_SHARE]
    _put_familiarity(rows, plan)
    _put_trainings(rows, plan)
    _put_money(rows, plan)
    _put_curves(rows, plan, values)
    return rows


def _put_levers(rows, plan):
    policy, tasks, tool = plan.policy, plan.tasks, plan.tool
    for name, *_ in state.POLICY:
        rows[name] = _number(policy, name)
    rows["tool"] = TOOLS.index(tool.kind)
    rows["adoption"] = tool.adoption if tool.adoption is not None else 0.0
    rows["horizon"] = plan.horizon.weeks * state.HOURS_PER_WEEK
    rows["fix_share"], rows["own_share"] = tasks.fix_share, tasks.own_share
    rows["domains"] = max(1, len(plan.domains))
    until = np.cumsum(list(plan.domains.values()) or [1.0])
    rows["domain_until"][:, : len(until)] = until
    rows["attendance"] = 1.0
    if plan.absence is not None:
        rows["attendance"] = plan.absence.attendance
        weeks = plan.horizon.weeks
        rows["days_off"][:, :weeks] = days_off(plan.absence, plan.horizon.start, weeks)
    if plan.freeze is not None:
        _put_freezes(rows, plan)
    if plan.attrition is not None:
        rows["attrition_per_hour"] = plan.attrition.per_year / state.HOURS_PER_YEAR
        rows["refill"] = plan.attrition.refill
        rows["refill_weeks"] = plan.attrition.weeks_to_fill
    for place, sizes in enumerate((tasks.average, tasks.advanced)):
        rows["size_kind"][:, place] = _SIZES.index(sizes.size)
        rows["size_scale"][:, place] = sizes.median_hours or sizes.mean_hours
        rows["size_sigma"][:, place] = sizes.sigma or 0.0
    if tasks.backlog is not None:
        rows["work"], rows["backlog"] = state.BACKLOG, tasks.backlog
        deadline = np.inf if plan.by_week is None else plan.by_week
        rows["deadline"] = deadline * state.HOURS_PER_WEEK
        rows["counted_to"] = plan.up_to_week * state.HOURS_PER_WEEK
        _put_backlog(rows, plan)
    elif tasks.arrivals_per_week == "saturated":
        rows["work"] = state.SATURATED
    else:
        rows["work"] = state.POISSON
        rows["arrivals_per_hour"] = tasks.arrivals_per_week / state.HOURS_PER_WEEK


def _put_freezes(rows, plan):
    """The spans in which no review begins, and in which nothing is released."""
    for kind in ("review", "release"):
        spans = plan.freeze.spans(kind, plan.horizon.start, plan.horizon.weeks)
        rows[f"{kind}_freezes"] = len(spans)
        for n, (first, after) in enumerate(spans):
            rows[f"{kind}_freeze_from"][:, n] = first * state.HOURS_PER_DAY
            rows[f"{kind}_freeze_to"][:, n] = after * state.HOURS_PER_DAY


def _put_chains(rows, plan):
    """How many chains there are among the tickets nobody has begun, and how long they are.

    Equation 43 of docs/model.md.
    """
    tasks, now = plan.tasks, plan.now
    count = tasks.backlog - (now.in_hand + now.waiting_review if now else 0)
    length = min(tasks.chain_length, count)
    rows["chain_length"] = length
    if length > 1:
        wanted = round(tasks.blocked_share * count / (length - 1))
        rows["chains"] = min(wanted, count // length)


def _put_backlog(rows, plan):
    """What is there of a backlog, by class, in hand and waiting for review; how much is needed.

    Equation 31 of docs/model.md.
    """
    now, backlog = plan.now, plan.tasks.backlog
    done = now.done if now else 0
    needed = math.ceil(plan.tasks.done_share * (backlog + done) - 1e-9) - done
    rows["backlog_needed"] = max(0, needed)
    _put_chains(rows, plan)
    rows["backlog_advanced"] = -1
    if now is None:
        return
    rows["waiting_review"], rows["in_hand"] = now.waiting_review, now.in_hand
    rows["in_hand_left"] = now.in_hand_left
    if now.advanced is not None:
        rows["backlog_advanced"] = now.advanced


def _number(policy, name):
    """A lever of the policy as a number: a level's, or the place of a word among its words."""
    value = getattr(policy, name)
    if not isinstance(value, str):
        return value
    words = state.words(tables.Policy, name)
    return _LEVEL[value] if words == curves.LEVELS else words.index(value)


def _put_place(rows):
    """What a team's place makes of the hours with a tool.

    Equation 38 of docs/model.md.
    """
    factor = rows["tool_hours_factor"]
    for name in ("planning_hours", "oversight_share", "failure_cost"):
        rows[name] *= factor
    for name in ("assist_saving_novice", "assist_saving_expert"):
        rows[name] = np.minimum(1.0, rows[name] / factor)


def _put_record(rows, plan, values):
    """What a team's own record says beside parameters: the size of its tickets, and its drift.

    Equation 39 of docs/model.md.
    """
    for name, (_, _, without) in curves.OF_RECORD.items():
        rows[name] = values.get(name, without)
    rows["size_scale"] *= rows["ticket_size"][:, None]
    about = tier_curves(plan).record
    if about:
        rows["drifts"] = 1
        rows["drift_weeks"] = max(0, weeks_since_record(plan))


def weeks_since_record(plan):
    """Weeks from the end of the record a plan uses to its start, below 0 where it starts before.

    Raises CurveError, one line, where they are years.
    """
    ends = date.fromisoformat(tier_curves(plan).record["ends"])
    weeks = (first_day(plan.horizon.start) - ends).days // 7
    if abs(weeks) > MOST_WEEKS_APART:
        raise curves.CurveError(
            f"{plan.name}: starts on {first_day(plan.horizon.start)}, its record ends on {ends}: "
            f"over {MOST_WEEKS_APART} weeks apart; learn from a newer record, or move "
            "horizon.start"
        )
    return weeks


def _put_familiarity(rows, plan):
    """Familiarity of those who are there at the start: the studied users', unless stated.

    Equation 37 of docs/model.md.
    """
    stated = plan.tool.familiarity
    if plan.rollout and plan.tool.kind != "agentic":
        stated = 0.0  # nobody has used what they begin to use
    rows["team_familiarity"] = rows["familiarity_mean"] if stated is None else stated
    if plan.tool.changed:
        rows["team_familiarity"] *= rows["familiarity_kept"]


def _put_trainings(rows, plan):
    """The cohorts of a plan, each in its place of the fields of trainings."""
    rows["cohorts"] = len(plan.cohorts)
    for c, cohort in enumerate(plan.cohorts.values()):
        rows["training_start"][:, c] = cohort.start_week * state.HOURS_PER_WEEK
        rows["training_end"][:, c] = (cohort.start_week + cohort.weeks) * state.HOURS_PER_WEEK
        rows["training_target"][:, c] = _LEVEL[cohort.target]
        rows["training_hours"][:, c] = cohort.hours_per_week
        rows["trainer_hours"][:, c] = cohort.trainer_hours_per_week
        every = cohort.domain is None
        rows["training_domain"][:, c] = -1 if every else list(plan.domains).index(cohort.domain)
        rows["cohort_efficacy"][:, c] = -1.0 if cohort.efficacy is None else cohort.efficacy
        rows["trainer_from"][:, c] = _LEVEL[cohort.trainer_level] if cohort.trainer_level else 0.0
        rows["needs_trainers"][:, c] = bool(cohort.needs_trainers)


def _put_money(rows, plan):
    money = plan.money
    if money is None:
        return
    rows["priced"] = 1 if money.price_per_expert_hour is None else 2
    rows["price"] = money.price_per_expert_hour or 0.0
    for place, role in enumerate(_ROLES):
        pay = money.cost_per_hour(role) or {}  # a role without anybody in it needs none
        rows["pay"][:, place] = [pay.get(level, 0.0) for level in curves.LEVELS]
    weeks_per_month = state.WEEKS_PER_YEAR / 12
    if plan.tool.kind != "none":
        rows["tool_cost_per_week"] = money.tool_per_person_month / weeks_per_month
    for c, row in enumerate(plan.rollout):
        own = row.cost_per_person_month
        a_month = money.tool_per_person_month if own is None else own
        rows["rollout_cost"][:, c] = 0.0 if row.kind == "none" else a_month / weeks_per_month
    for c, cohort in enumerate(plan.cohorts.values()):
        rows["cost_per_seat"][:, c] = cohort.cost_per_seat
    rows["refill_cost"] = plan.attrition.hiring_cost if plan.attrition else 0.0


def latent_spread(values):
    """Standard deviation that the study's rates average out: person, task and size [logit].

    Equation 3 of docs/model.md.
    """
    size = values["slope_per_doubling"] * values["size_ref_sigma"] / math.log(2)
    return np.sqrt(values["sd_task"] ** 2 + values["sd_developer"] ** 2 + size**2)


def _put_curves(rows, plan, values):
    """Cuts and level shifts of each draw, and each tool's own of the curve.

    The spread averaged out in the published rates is that of person, task and
    size over the anchor population.
    """
    found = tier_curves(plan)
    cuts, shifts = found.conditional(latent_spread(values), values["curve"])
    rows["cut_partial"], rows["cut_unverified"], rows["cut_verified"] = cuts.T
    rows["shift"] = curves.interpolation(shifts)
    rows["shift_reference"] = shifts[:, 2]
    rows["shift_mean"] = [curves.level_shift(row, MEAN_LEVEL) for row in rows["shift"]]
    tool_setup.put_tools(rows, plan, values, cuts[:, 1], shifts[:, 4], found.window_months)


def team(plan):
    """The seats of a scenario in key order, joiners' too: structured (n,) of state.DEVELOPER.

    A seat's key is role, starting level and ordinal among their like, so that
    adding somebody changes nobody else's luck, whether they are there from the start
    or join.
    """
    counted: dict[int, int] = {}
    people = [
        (_key(group, counted), group, None) for group in plan.groups for _ in range(group.count)
    ]
    people += [
        (_key(group, counted), group, row)
        for row, group in zip(plan.joiners, plan.joining, strict=True)
        for _ in range(group.count)
    ]
    people.sort(key=lambda person: person[0])
    rows = np.zeros(len(people), state.DEVELOPER)
    for seat, (key, group, joiner) in zip(rows, people, strict=True):
        _put_seat(seat, key, group, joiner)
    _put_leavers(rows, plan, [group for _, group, _ in people])
    _put_trainees(rows, plan)
    _put_users(rows, plan)
    return rows


def _key(group, counted):
    """Key of the next seat of a group, in [2**55, 2**56)."""
    role = _ROLES.index(group.role)
    first, *others = ((round(low * 1000), round(high * 1000)) for low, high in group.levels)
    kind = (1 << 55) | (role << 52) | (first[0] << 36) | (first[1] << 20)
    if any(pair != first for pair in others):  # levels that differ by domain: named by them all
        kind = (1 << 55) | (luck.name_entity(repr((role, first, others))) >> 21 << 20)
    ordinal = counted.get(kind, 0)
    counted[kind] = ordinal + 1
    return kind | ordinal


def _put_seat(seat, key, group, joiner):
    seat["key"], seat["role"] = key, _ROLES.index(group.role)
    for domain, (low, high) in enumerate(group.levels):
        seat["level_low"][domain], seat["level_high"][domain] = low, high
    seat["hours_per_week"] = group.hours_per_week
    seat["pay"] = -1.0 if group.cost_per_hour is None else group.cost_per_hour
    seat["familiar"] = -1.0 if group.familiarity is None else group.familiarity
    seat["departs"] = np.inf
    if joiner is not None:
        seat["newcomer"] = 1
        seat["opens"] = joiner.week * state.HOURS_PER_WEEK
        seat["weeks_to_fill"], seat["hiring_cost"] = joiner.weeks_to_fill, joiner.hiring_cost


def _put_leavers(seats, plan, groups):
    """The first of their like leave, so that one more of them does not change who does."""
    for row in plan.leavers:
        like = [
            seat
            for seat, group in zip(seats, groups, strict=True)
            if group.is_stated_as(row) and seat["newcomer"] == 0 and np.isinf(seat["departs"])
        ]
        for seat in like[: row.count]:
            seat["departs"] = row.week * state.HOURS_PER_WEEK


def _people(seats, plan, newcomer):
    """Places of the seats whose first holders join, or are there; (role, levels) of each."""
    places = [place for place, seat in enumerate(seats) if seat["newcomer"] == newcomer]
    used = max(1, len(plan.domains))
    middle = ((seats["level_low"] + seats["level_high"]) / 2)[:, :used]
    return places, [(_ROLES[seats["role"][place]], middle[place].tolist()) for place in places]


def _put_trainees(seats, plan):
    """Who has a place in which cohorts; whoever joins has none."""
    there, people = _people(seats, plan, newcomer=0)
    cohorts = list(plan.cohorts.values())
    for c, chosen in enumerate(participants(cohorts, people, list(plan.domains))):
        for place in chosen:
            seats["trainee"][there[place]] |= 1 << c


def _put_users(seats, plan):
    """From when on which seats use the tool of each rollout.

    Of those who join the same share uses it as of those who are there, so that one who joins
    changes nobody else's.

    Equation 41 of docs/model.md.
    """
    seats["rollout_from"] = np.inf
    for newcomer in (0, 1) if plan.rollout else ():
        places, people = _people(seats, plan, newcomer)
        for c, row in enumerate(plan.rollout):
            for place, week in users(row, people):
                if week < plan.horizon.weeks:
                    seats["rollout_from"][places[place], c] = week * state.HOURS_PER_WEEK


class Scratch:
    """Arrays to work in, one set a thread; `tasks` grows when a world needs more.

    luck_rows : of the table of luck, see `luck.rows_for`
    """

    def __init__(self, people, weeks, trace=0, capacity=1024, luck_rows=luck.OWN):
        self.people = people
        self.world = state.blank(1, state.WORLD)
        self.developers = state.blank(people, state.DEVELOPER)
        self.weeks = state.blank(weeks, state.WEEK)
        self.calendar = state.blank(people * weeks, state.CALENDAR)
        self.trace = state.blank(trace, state.TRACE)
        self.luck_cache = luck.empty_cache(luck_rows)
        self.grow(capacity)

    def grow(self, capacity):
        """Room for `capacity` tasks."""
        from sim.engine.clock import AGENDA

        self.capacity = capacity
        self.tasks = state.blank(capacity, state.TASK)
        self.agenda = state.blank(2 * self.people + 1, AGENDA)
        self.timers = state.blank(capacity, AGENDA)

    @property
    def arrays(self):
        """All arrays, as the compiled clock takes them."""
        return (
            self.world, self.developers, self.tasks, self.weeks, self.calendar, self.luck_cache,
            self.agenda, self.timers, self.trace,
        )  # fmt: skip
