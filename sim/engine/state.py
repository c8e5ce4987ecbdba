"""The data layout: what a world, a developer, a task, a week and a calendar are made of.

Five structured arrays hold all there is to know of one simulated world:
`world` (1,), `developers` (n,) in key order, `tasks` (capacity,) in order of
creation, `weeks` (w,), the flows of each week, and `calendar` (n * w,), the hours
of each person in each week, person by person. Rules read and write them; both
clocks and the metrics see the same bytes.

Every field is one row here: name, dtype, unit, meaning. Levers of a policy are those that the
scenario's table describes, and its words, in their order, are the codes.

A row of `developers` is a seat: its holder may leave and another take it.

Row attributes (`task.size_hours`) work when compiled; uncompiled, arrays must be
record arrays for that, which `blank` sees to.
"""

from typing import Any, NamedTuple, get_args

import numba
import numpy as np
from pydantic import BaseModel

from sim import parameters
from sim.scenario.freeze import MAX_FREEZES
from sim.scenario.people import People
from sim.scenario.rollouts import MAX_ROLLOUTS
from sim.scenario.tables import Policy, Size
from sim.scenario.tools import Tool
from sim.scenario.trainings import MAX_COHORTS
from sim.scenario.values import MOST_WEEKS, LevelName

HOURS_PER_WEEK = 40.0
HOURS_PER_DAY = 8.0
HOURS_PER_MONTH = HOURS_PER_WEEK * 52 / 12
WEEKS_PER_YEAR = 52.0
HOURS_PER_YEAR = HOURS_PER_WEEK * WEEKS_PER_YEAR
DAYS_PER_WEEK = 5
DOMAINS = 4  # domains a person can have a level in


def words(table: type[BaseModel], key: str) -> tuple[str, ...]:
    """The words that a key of a scenario's table may have; their places are the codes here."""
    return get_args(table.model_fields[key].annotation)


# Codes of the words of a scenario, in the order in which its tables state them.
(FIFO, MATCHED, STRICT) = range(len(words(Policy, "routing")))
(USE_ALWAYS, USE_NEVER, USE_PAYS) = range(len(words(Policy, "agent_use")))
(REVIEW_NONE, REVIEW_UNVERIFIED, REVIEW_ALL) = range(len(words(Policy, "review")))
(LIMIT_REVIEW, LIMIT_WAIT, LIMIT_CONTINUE) = range(len(words(Policy, "at_limit")))
(ADJACENT_ALL, ADJACENT_AVERAGE) = range(len(words(Policy, "adjacent_work")))
(REVIEW_FIRST, REVIEW_TURN, REVIEW_LAST) = range(len(words(Policy, "review_order")))
(TOOL_AGENTIC, TOOL_ASSISTIVE, TOOL_NONE) = range(len(words(Tool, "kind")))
(SIZE_LOGNORMAL, SIZE_EXPONENTIAL, SIZE_CONSTANT) = range(len(words(Size, "size")))
(ENGINEER, ADJACENT) = range(len(words(People, "role")))

# Codes that are the engine's own.
AVERAGE, ADVANCED = 0, 1
NEW, FIX = 0, 1
SATURATED, POISSON, BACKLOG = 0, 1, 2

# Work whose defects have odds of their own.
BY_HAND, IS_VERIFIED, IS_UNVERIFIED = range(3)

# What a developer does during a stretch.
ACTIVITIES = ("idle", "agent", "manual", "review", "mentoring", "absent")
(IDLE, AGENT, MANUAL, REVIEW, MENTORING, ABSENT) = range(len(ACTIVITIES))

# Where a task stands; RUNNING: the agent is still at work, its developer is not.
(
    DORMANT, WAITING, HELD, RUNNING, SUBMITTED, QUEUED, IN_REVIEW, DONE, ABANDONED, CHAINED,
    UNRELEASED,
) = range(11)  # fmt: skip

# Lists of tasks nobody owns: new work; fixes, and work handed back; submissions; work given up.
STREAM, FIXES, REVIEWS, GIVEN_UP = range(4)

# What somebody can do in a domain: twice their level, rounded, and one more if they work by hand.
CAPABILITIES = 13  # 0 to 12; 12 nobody has
MOST_PARTS = 32  # of a task

# Who gave a task up: a bit a seat, in whole numbers that hold so many bits each.
SEATS_A_NUMBER = 60
SEAT_NUMBERS = 9
MOST_SEATS = SEATS_A_NUMBER * SEAT_NUMBERS

# What has changed since idle people looked for work, as bits of `world.changed`. Those who wait at
# their limit on work in progress look only in a round before which one from LOOK_AGAIN on was set.
(NEW_WORK, FIX_TAKEN, LOOK_AGAIN, NEW_FIX, NEW_REVIEW, NEW_GIVEN_UP, EVERYTHING) = (
    1 << bit for bit in range(7)
)

# Sets of idle people, `world.idle_seats`: all; who looks in the next round whatever has changed;
# whom new work concerns, or fixes; who has hours for the next review; who has none for one, and who
# has some again; who waits at their limit on work in progress.
SETS = 8
(EVERYBODY, CALLED, WORKERS, FIXERS, REVIEWERS, OUT_OF_HOURS, HOURS_AGAIN, BLOCKED) = range(SETS)

# Whose work a person may review, where it is not that of one author.
NOBODY, ANYBODY = -2, -1

HIGHER, LOWER, NEITHER = 1, -1, 0  # which way is better


class Flow(NamedTuple):
    """Something a world counts week by week.

    better  HIGHER, LOWER or NEITHER
    label   on figures, where this is not the name
    """

    name: str
    unit: str
    meaning: str
    better: int = NEITHER
    label: str = ""


# What rules count in the running week, as `w.week[SESSIONS] += 1.0`; a weekly flow each.
COUNTED = (
    Flow("work_delivered", "expert-h", "credited, less what was withdrawn", HIGHER),
    Flow("tasks_done_average", "tasks", "average tasks accepted", HIGHER),
    Flow("tasks_done_advanced", "tasks", "advanced tasks accepted", HIGHER),
    Flow("sessions", "sessions", "attempts with an agent"),
    Flow("fix_sessions", "sessions", "of a fix, of rework, or that repeat one on the same piece"),
    Flow("repeat_sessions", "sessions", "that repeat one on the same piece"),
    Flow("submissions", "submissions", "times a task was handed in"),
    Flow("escaped_defects", "defects", "accepted unseen", LOWER),
    Flow("abandoned", "tasks", "given up, less those taken again", LOWER),
)
(
    WORK_DELIVERED, TASKS_DONE, _, SESSIONS, FIX_SESSIONS, REPEAT_SESSIONS, SUBMISSIONS,
    ESCAPED_DEFECTS, ABANDONED_TASKS,
) = range(len(COUNTED))  # fmt: skip

# Accounts that a developer's hours are booked to; together they are the capacity. The hours of
# each are a metric and a weekly flow, such as `hours_agent`.
ACCOUNTS = (
    Flow("agent", "h", "new work with an agent", label="New work with an agent"),
    Flow("manual", "h", "new work by hand", label="New work by hand"),
    Flow("review", "h", "reviewing"),
    Flow("rework", "h", "rework after review", LOWER, label="Rework after review"),
    Flow("fix", "h", "fix tasks", LOWER, label="Fixes"),
    Flow("training", "h", "training, trainers included"),
    Flow("mentoring", "h", "mentoring on escalations, and newcomers"),
    Flow("idle", "h", "development time with nothing to do", label="Nothing to do"),
)
(B_AGENT, B_MANUAL, B_REVIEW, B_REWORK, B_FIX, B_TRAINING, B_MENTORING, B_IDLE) = range(
    len(ACCOUNTS)
)
BUCKETS = tuple(account.name for account in ACCOUNTS)

# What waits at the end of a week for somebody to take it: by the level of the least expert who may
# review it, and to be worked on. A weekly flow each, such as `waiting_fixes`.
QUEUES = (
    *(
        Flow(
            f"review_{level}",
            "tasks",
            f"handed in, and no review begun; {level} is the lowest level that may review it",
            LOWER,
        )
        for level in get_args(LevelName)
    ),
    Flow("fixes", "tasks", "fixes, and work handed back, that nobody has taken", LOWER),
    Flow("new", "tasks", "new work that nobody has taken; undefined where there is no end of it"),
)
W_REVIEW, W_FIXES, W_NEW = 0, len(QUEUES) - 2, len(QUEUES) - 1

_I, _F = np.int64, np.float64

Fields = tuple[tuple[str, Any, str, str], ...]  # name, dtype, unit ("-" for codes), meaning


def record(fields: Fields) -> np.dtype:
    """The structured dtype of an array with these fields."""
    return np.dtype([(name, dtype) for name, dtype, _, _ in fields])


# Uncertain numbers of the model, one value a draw: what the register holds, but for what is used
# when a run is set up and not by the rules.
AT_SETUP = ("doubling_days", "horizon_factor", "size_ref_sigma", "trend_drift")
_REGISTER = {n: row for n, row in parameters.world_parameters().items() if n not in AT_SETUP}
PARAMETERS = tuple(_REGISTER)
PARAMETER_FIELDS: Fields = tuple(
    (name, _F, row.unit, "from the register") for name, row in _REGISTER.items()
)


def levers(table: type[BaseModel]) -> Fields:
    """A field for each lever of a table of the scenario, as it describes it; words as codes."""
    fields = []
    for name, lever in table.model_fields.items():
        extra, choices = lever.json_schema_extra, words(table, name)
        unit = str(extra["unit"]) if isinstance(extra, dict) else "-"
        meaning = lever.description or name
        dtype = _F if lever.annotation is float else _I
        if choices == get_args(LevelName):
            unit, dtype = "level", _F
        elif choices:
            meaning += ": " + ", ".join(choices)
        fields.append((name, dtype, unit, meaning[0].lower() + meaning[1:]))
    return tuple(fields)


POLICY = levers(Policy)  # levers that rules read as the scenario states them

WORLD_FIELDS: Fields = (
    *PARAMETER_FIELDS,
    # curves of this draw
    ("cut_partial", _F, "logit", "cut of at least partial success, equation 1"),
    ("cut_unverified", _F, "logit", "cut of judged success"),
    ("cut_verified", _F, "logit", "cut of verified success"),
    (
        "shift", (_F, 16), "logit",
        "coefficients of the monotone cubic through the five level shifts, equation 4",
    ),
    (
        "shift_reference", _F, "logit",
        "shift of an intermediate, to which base odds of defects belong",
    ),
    (
        "shift_mean", _F, "logit",
        "shift of the mean level of the studied sessions, about which a gap drifts",
    ),
    ("years", _F, "years", "from the date the curve describes to the start"),
    ("progress", _F, "logit", "the tool's progress up to the start, equation 5"),
    ("progress_per_hour", _F, "logit per working h", "its progress during the run"),
    # levers
    ("horizon", _F, "working h", "when the run ends"),
    ("work", _I, "-", "saturated, Poisson arrivals or a backlog"),
    ("arrivals_per_hour", _F, "tasks per working h", "rate of Poisson arrivals"),
    ("backlog", _I, "tasks", "tasks there at the start"),
    ("backlog_advanced", _I, "tasks", "of them that are advanced; below 0: by chance"),
    ("waiting_review", _I, "tasks", "of them, the first, that wait for review at the start"),
    ("in_hand", _I, "tasks", "of them, the next, that are in somebody's hands at the start"),
    ("in_hand_left", _F, "share", "of a task in hand that is still to be done"),
    ("backlog_needed", _I, "tasks", "of the backlog, that must be done for it to count as done"),
    ("chains", _I, "chains", "of its tasks, each but the first of which waits for the one before"),
    ("chain_length", _I, "tasks", "of a chain"),
    ("deadline", _F, "working h", "by when the backlog is to be done; infinite if it has none"),
    ("counted_to", _F, "working h", "up to when time and cost until done are counted"),
    ("advanced_share", _F, "share", "of the stream's tasks that are advanced"),
    ("fix_share", _F, "share", "of the stream's tasks that fix what existed before"),
    ("own_share", _F, "share", "of the stream's tasks that are on code their author knows"),
    ("size_kind", (_I, 2), "-", "lognormal, exponential or constant, by class"),
    ("size_scale", (_F, 2), "expert-h", "median or mean size, by class"),
    ("size_sigma", (_F, 2), "ln expert-h", "spread of a lognormal size, by class"),
    ("tool", _I, "-", "at the start: none, assistive or agentic"),
    (
        "adoption", _F, "share",
        "of pieces (agentic) or of coding hours (assistive) for which the tool is taken up",
    ),
    ("team_familiarity", _F, "share", "with the tool, of those who are there at the start"),
    ("rollouts", _I, "rollouts", "of tools that people begin to use during the run"),
    ("rollout_tool", (_I, MAX_ROLLOUTS), "-", "of each, none, assistive or agentic"),
    ("rollout_agent", (_I, MAX_ROLLOUTS), "-", "which agent it is, 0 that of the start; -1 none"),
    ("rollout_adoption", (_F, MAX_ROLLOUTS), "share", "for which its tool is taken up"),
    ("rollout_slope", (_F, MAX_ROLLOUTS), "logit per doubling of size", "of its tool's curve"),
    ("rollout_years", (_F, MAX_ROLLOUTS), "years", "from its curve's date to the start"),
    ("rollout_progress", (_F, MAX_ROLLOUTS), "logit", "its tool's progress up to the start"),
    (
        "rollout_progress_per_hour", (_F, MAX_ROLLOUTS), "logit per working h",
        "its progress during the run",
    ),
    (
        "rollout_familiarity", (_F, MAX_ROLLOUTS), "share",
        "with its tool, of who begins to use it; below 0: what they have, or keep of another's",
    ),
    ("rollout_cost", (_F, MAX_ROLLOUTS), "money per week", "and person"),
    *POLICY,
    ("domains", _I, "-", "how many domains of work there are"),
    ("domain_until", (_F, DOMAINS), "share", "of the work, cumulated over the domains"),
    ("cohorts", _I, "cohorts", "of trainings"),
    ("training_start", (_F, MAX_COHORTS), "working h", "when each cohort begins"),
    ("training_end", (_F, MAX_COHORTS), "working h", "when it ends"),
    ("training_target", (_F, MAX_COHORTS), "level", "it aims at"),
    ("training_hours", (_F, MAX_COHORTS), "h per week", "of each seat"),
    ("trainer_hours", (_F, MAX_COHORTS), "h per week", "of all its trainers together"),
    ("training_domain", (_I, MAX_COHORTS), "-", "which domain it is about; -1 all"),
    (
        "cohort_efficacy", (_F, MAX_COHORTS), "share",
        "of the way to its target; below 0: training_efficacy",
    ),
    (
        "trainer_from", (_F, MAX_COHORTS), "level",
        "from which colleagues train it; 0: the most expert",
    ),
    (
        "needs_trainers", (_I, MAX_COHORTS), "-",
        "whether it teaches less where its trainers lack hours",
    ),
    ("attendance", _F, "share", "of the week that people are neither on leave nor sick"),
    ("days_off", (np.uint8, MOST_WEEKS), "days", "of five on which nobody works, by week"),
    ("review_freezes", _I, "freezes", "in which no review begins"),
    ("review_freeze_from", (_F, MAX_FREEZES), "working h", "when each begins"),
    ("review_freeze_to", (_F, MAX_FREEZES), "working h", "when it ends"),
    ("release_freezes", _I, "freezes", "in which nothing is released"),
    ("release_freeze_from", (_F, MAX_FREEZES), "working h", "when each begins"),
    ("release_freeze_to", (_F, MAX_FREEZES), "working h", "when it ends"),
    ("attrition_per_hour", _F, "per working h", "rate at which people leave"),
    ("refill", _I, "-", "whether a seat is filled again"),
    ("refill_weeks", _F, "weeks", "mean time to fill it"),
    # money, in the scenario's currency; `priced` 0 none, 1 costs, 2 costs and a price of work
    ("priced", _I, "-", "no money, costs, or costs and a price of work"),
    ("pay", (_F, (2, 5)), "money per h", "by role and level"),
    ("price", _F, "money per expert-h", "of work delivered"),
    ("tool_cost_per_week", _F, "money per week", "and person"),
    ("cost_per_seat", (_F, MAX_COHORTS), "money", "of a training, by cohort"),
    ("refill_cost", _F, "money", "of filling a seat"),
    # drift of a team's own record; none without one
    ("ticket_size", _F, "factor", "on the size of every task"),
    ("drifts", _I, "-", "whether the team's level walks"),
    ("drift_weeks", _I, "weeks", "from the end of the record to the start"),
    ("drift_level", _F, "ln factor", "of development hours, at the end of the record"),
    ("drift_reverting", _F, "ln factor", "of them that reverts, at the end of the record"),
    ("drift_walk_sd", _F, "ln factor", "of a week's lasting step"),
    ("drift_reverting_sd", _F, "ln factor", "of what reverts, in the long run"),
    ("drift_persistence", _F, "share", "of what reverts that is left a week later"),
    ("drift_jump_chance", _F, "share", "of weeks with a large lasting step"),
    ("drift_jump_sd", _F, "ln factor", "of such a step"),
    # which luck
    ("key", _I, "-", "of the seed's luck"),
    ("replication", _I, "-", "which world: draw and luck"),
    # where the run stands
    ("time", _F, "working h", "now"),
    ("n_tasks", _I, "tasks", "that exist"),
    ("n_stream", _I, "tasks", "of the ordered stream that exist"),
    ("timer_task", _I, "-", "task whose timer the last rule set; -1 none"),
    ("idle", _I, "people", "with nothing to do"),
    ("listed", _I, "people", "idle, who have found nothing to do"),
    ("changed", _I, "-", "what has changed since the last round of looks began, in bits"),
    ("changed_before", _I, "-", "what had changed before it, in bits"),
    ("idle_seats", (_I, (SETS, SEAT_NUMBERS)), "-", "idle people by what they wait for, in bits"),
    (
        "hours_from", (_F, SEAT_NUMBERS), "working h",
        "before which none of them has hours for a review again, by number of seats",
    ),
    ("able", (_I, DOMAINS), "people", "able for advanced work, by domain"),
    ("reviewers", (_I, DOMAINS), "people", "eligible as reviewers, by domain"),
    ("stand_in", (_I, DOMAINS), "-", "first of the most expert there, by domain; -1 none"),
    ("stand_in_level", (_I, DOMAINS), "-", "their level, rounded, by domain; 0 nobody"),
    ("stand_ins", (_I, DOMAINS), "people", "of that level, by domain"),
    ("next_level", (_I, DOMAINS), "-", "next lower level of anybody, by domain; 0 nobody"),
    ("weeks_over", _I, "weeks", "that have ended"),
    ("pace", _F, "factor", "on development hours by drift and absence, this week"),
    ("talk", _F, "share", "of development time lost to talking, this week of the calendar"),
    (
        "trainer_level", (_F, MAX_COHORTS), "level",
        "from which colleagues train a cohort, this week of the calendar",
    ),
    (
        "trainer_share", (_F, MAX_COHORTS), "h",
        "of training each of them is to give it, this week of the calendar",
    ),
    ("asked_hours", (_F, MAX_COHORTS), "h", "of trainers, that each cohort asks for in all"),
    ("given_hours", (_F, MAX_COHORTS), "h", "of trainers, that it gets in all"),
    ("mentor_hours", _F, "h", "each mentor gives newcomers, this week of the calendar"),
    ("overflow", _I, "-", "whether there was no room for a task: the run is repeated with more"),
    ("head", (_I, 4), "-", "first task of each list: stream, fixes, reviews, given up"),
    ("tail", (_I, 4), "-", "last task of each list"),
    ("length", (_I, 4), "tasks", "in each list"),
    (
        "given_up_for", (_I, CAPABILITIES), "tasks",
        "given up, by the least capability that may take them again",
    ),
    ("stream_done", _I, "tasks", "of the ordered stream that are done"),
    ("backlog_done", _F, "working h", "when the backlog was done; infinite if it is not"),
    ("hand_spread", _F, "factor", "log-odds by hand on one task over those of the mean task"),
    ("in_system", _I, "tasks", "whose lead time runs"),
    ("area", _F, "tasks x working h", "in_system integrated over time"),
    ("area_time", _F, "working h", "up to when it is"),
    ("arrived", _I, "tasks", "that have arrived"),
    ("first", (_I, 4), "sessions", "first ones on a task, by outcome"),
    ("sessions", (_I, 4), "sessions", "by outcome"),
    ("reviews", _I, "reviews", "begun"),
    ("self_reviews", _I, "reviews", "of one's own work"),
    ("review_wait", _F, "working h", "waited for reviews, in all"),
    ("escalations", _I, "tasks", "passed to a colleague"),
    ("events", _I, "events", "that have run"),
    ("stretches", _I, "stretches", "that have ended"),
    ("labour_cost", _F, "money", "so far"),
    ("tool_cost", _F, "money", "so far"),
    ("training_cost", _F, "money", "so far"),
    ("hiring_cost", _F, "money", "so far"),
    ("day_ends", _F, "working h", "when people look again whether there is a review for them"),
    ("urgent", _I, "tasks", "that wait for a reviewer while their author is at the limit"),
    (
        "defect_logit", (_F, 3), "logit",
        "base log-odds of a defect per expert-h: by hand, verified, unverified",
    ),
    ("scope_doublings", _F, "doublings", "of the reference size that the scope is"),
    ("scope_growth", _F, "factor", "on the oversight of a piece of the scope, equation 7"),
    # the week that runs, until its end
    ("week_ends", _F, "working h", "when the running week ends"),
    ("week", (_F, len(COUNTED)), "-", "counted in the running week, by weekly flow"),
)  # fmt: skip

DEVELOPER_FIELDS: Fields = (
    # the seat
    ("key", _I, "-", "of the seat's luck: role, starting level, ordinal"),
    ("role", _I, "-", "engineer or adjacent"),
    ("level_low", (_F, DOMAINS), "level", "lowest a holder can have, by domain"),
    ("level_high", (_F, DOMAINS), "level", "highest"),
    ("hours_per_week", _F, "h per week", "paid"),
    ("opens", _F, "working h", "when the seat opens"),
    ("weeks_to_fill", _F, "weeks", "mean time to fill it"),
    ("departs", _F, "working h", "when its holder is known to leave"),
    ("newcomer", _I, "-", "whether its first holder joins and ramps up"),
    ("trainee", _I, "-", "cohorts of trainings it has a place in, a bit each"),
    ("familiar", _F, "share", "its first holder is with the tool; below 0: as others"),
    ("pay", _F, "money per h", "the seat's own; below 0: by role and level"),
    ("hiring_cost", _F, "money", "of filling it the first time"),
    # who holds it
    ("generation", _I, "-", "how many held it before"),
    ("joins", _F, "working h", "when its holder joins"),
    ("leaves", _F, "working h", "when they leave"),
    ("staffing_time", _F, "working h", "their next joining, leaving or end of training"),
    ("level", (_F, DOMAINS), "level", "expertise now, by domain"),
    ("hired_level", (_F, DOMAINS), "level", "expertise when hired, by domain"),
    ("practice", (_F, DOMAINS), "h", "this week, not yet turned into level, by domain"),
    ("familiarity", _F, "share", "with the tool now"),
    ("tool_hours", _F, "h", "with the agent this week, not yet turned into familiarity"),
    ("trained", _I, "-", "cohorts that are behind them, a bit each"),
    ("trait", _F, "logit", "their persistent effect on outcomes"),
    ("familiarity_logit", _F, "logit", "what their familiarity does to outcomes"),
    ("tool", _I, "-", "they work with: none, assistive or agentic"),
    ("adoption", _F, "share", "of pieces or of coding hours for which they take it up"),
    ("slope_per_doubling", _F, "logit per doubling of size", "of their tool's curve"),
    ("progress", _F, "logit", "their tool's progress up to the start"),
    ("progress_per_hour", _F, "logit per working h", "its progress during the run"),
    # what the levels do, causal share included; by domain
    ("shift", (_F, DOMAINS), "logit", "what their level does to outcomes, by domain"),
    ("oversight", (_F, DOMAINS), "factor", "what it does to hours of oversight, by domain"),
    ("hand_factor", (_F, DOMAINS), "factor", "hours by hand against an expert's, by domain"),
    ("hand_logit", (_F, DOMAINS), "logit", "log-odds that work by hand is right, by domain"),
    ("review_logit", (_F, DOMAINS), "logit", "log-odds of catching a defect, by domain"),
    ("recovery", (_F, DOMAINS), "logit", "what their level adds from the second try, by domain"),
    # what they are at; what every look for work reads comes first
    ("activity", _I, "-", "idle, agent, manual, review, mentoring or absent"),
    ("listed", _I, "-", "whether they are idle and have found nothing to do"),
    ("blocked", _I, "-", "whether they wait at the limit, and do not look before a change"),
    ("reviews_of", _I, "-", "the one author whose work they may review; -1 anybody's, -2 nobody's"),
    ("unreviewed", _I, "tasks", "handed in and not yet reviewed"),
    ("queued", _I, "tasks", "of theirs that wait for a reviewer"),
    ("allowance", _F, "h", "for reviews, at allowance_time"),
    ("allowance_time", _F, "working h", "when it was last reckoned"),
    ("head", _I, "-", "first task in their hands"),
    ("task", _I, "-", "what they are at"),
    ("start", _F, "working h", "when the stretch began"),
    ("until", _F, "working h", "when it will end"),
    ("hours", _F, "h", "of development it takes"),
    ("held", _I, "tasks", "in their hands"),
    ("tail", _I, "-", "last"),
    ("piece_hours", _F, "expert-h", "size of the piece they are at"),
    ("outcome", _I, "-", "of the session just ended"),
    ("hours_worked", _F, "h", "so far"),
    ("hours_helping", _F, "h", "on reviews, escalations and teaching, so far"),
    # which tools come to the seat, and have come
    (
        "rollout_from", (_F, MAX_ROLLOUTS), "working h",
        "when its holder begins to use the tool of each rollout; infinite if never",
    ),
    ("rolled_out", _I, "-", "rollouts that are behind them, a bit each"),
    ("agent", _I, "-", "which agent they used last, 0 that of the start; -1 none"),
    ("years", _F, "years", "from the date their tool's curve describes to the start"),
    ("waiting", (_I, DOMAINS), "tasks", "handed in, and no review begun, by domain"),
)  # fmt: skip

# What every look along a list and every session reads stands together, and first.
TASK_FIELDS: Fields = (
    ("key", _I, "-", "of its luck: place in the stream, or parent and count"),
    ("kind", _I, "-", "new or fix"),
    ("advanced", _I, "-", "average or advanced"),
    ("domain", _I, "-", "which domain"),
    ("stream", _I, "-", "of the ordered stream, or grown out of another task"),
    ("root", _I, "-", "task of the stream it is a part of or grew out of; itself if it is one"),
    ("queue", _I, "-", "the list it waits in"),
    ("next", _I, "-", "task after it in its list"),
    ("prev", _I, "-", "task before it"),
    (
        "state", _I, "-",
        "dormant, waiting, held, running, submitted, queued, in review, done, abandoned, waiting "
        "for another task, or accepted and not released",
    ),
    ("owner", _I, "-", "whose hands it is in, or who handed it in"),
    ("since", _F, "working h", "when it came where it is"),
    ("size_hours", _F, "expert-h", "its size, or that of the part"),
    ("whole_hours", _F, "expert-h", "size of the task that it is a part of, or its own"),
    ("left", _F, "expert-h", "still to be done"),
    ("piece", _F, "expert-h", "left of the piece attacked"),
    ("piece_index", _I, "-", "how many pieces are done"),
    ("attempts", _I, "sessions", "not done on this piece since somebody took it"),
    ("tries", _I, "-", "attempts on this piece in all, which name its luck"),
    ("manual_left", _F, "h", "of the piece by hand"),
    ("to_clear", _F, "h", "of clearing up after a session that did not get the piece done"),
    ("own_code", _I, "-", "whether its author knows the code"),
    ("rework", _I, "-", "whether it came back from review"),
    ("escalated", _I, "-", "whether it was escalated"),
    ("mentoring", _I, "-", "whether mentoring comes first"),
    ("trait", _F, "logit", "its persistent effect on outcomes"),
    ("hand_luck", _F, "-", "uniform number of the noise on its hours by hand"),
    ("part", _I, "-", "which part of a task it is; 0 the first, in whose row the whole is kept"),
    ("parts_left", _I, "parts", "of the whole that are not accepted"),
    ("parts_held", _I, "parts", "of the whole that are in somebody's hands"),
    ("parts_given_up", _I, "parts", "of the whole that are given up"),
    ("tried_by", _I, "-", "greatest capability of those who gave it up"),
    ("tried", _I, "people", "who gave it up since tried_by last rose"),
    ("timer", _F, "working h", "when it arrives, surfaces, its agent is done or a reviewer looks"),
    ("luck", _F, "logit", "log-odds of the uniform number of the session under way"),
    ("outcome", _I, "-", "of that session"),
    ("session_logit", _F, "logit", "its log-odds before the cuts"),
    ("arrival", _F, "working h", "when it became work that somebody can pick"),
    ("start", _F, "working h", "when its lead time began"),
    ("end", _F, "working h", "when the whole of it was accepted"),
    ("submitted", _F, "working h", "when it was last handed in"),
    ("sessions", _I, "sessions", "on it"),
    ("submissions", _I, "-", "times it was handed in"),
    ("hazard", _F, "-", "-ln P(no defect) of what was done since the last submission"),
    ("unverified", _I, "-", "pieces done without hard evidence"),
    ("agent_hours", _F, "expert-h", "of it written by an agent"),
    ("submitted_hours", _F, "expert-h", "that the next review is about"),
    ("defect", _I, "-", "whether the submission holds a hidden one"),
    ("visible", _I, "-", "whether it holds a fault that a review sees"),
    ("open_defects", _I, "fixes", "surfaced and not accepted"),
    ("credited", _I, "-", "whether its size counts as delivered"),
    ("gave_up", (_I, SEAT_NUMBERS), "-", "who of capability tried_by gave it up, a bit a seat"),
)  # fmt: skip

WEEK_FIELDS: Fields = (
    ("counted", (_F, len(COUNTED)), "-", "by weekly flow"),
    ("hours", (_F, len(ACCOUNTS)), "h", "by activity"),
    ("hours_class", (_F, 2), "h", "by class"),
    ("levels", (_F, 5), "people", "by nearest level, at its end"),
    ("queues", (_F, len(QUEUES)), "tasks", "that wait for somebody, by queue, at its end"),
    ("cost", _F, "money", "in the week"),
    ("presence", _F, "share", "of the week that people are there, on average"),
    ("pace", _F, "factor", "on development hours by drift and absence"),
)  # fmt: skip

# One person in one week.
CALENDAR_FIELDS: Fields = (
    ("rate", _F, "h per working h", "development hours left for tasks per hour of the clock"),
    ("until", _F, "working h", "up to when that rate holds"),
    ("capacity", _F, "h", "of development in the week"),
    ("training", _F, "h", "taught or learnt in the week"),
    ("mentoring", _F, "h", "given to newcomers in the week"),
    ("paid", _F, "h per week", "paid; 0 where the seat is empty"),
    ("pay", _F, "money per h", "of its holder"),
    ("level", _F, "level", "its holder was hired at or trained to, the mean over domains"),
    ("tenure", _F, "weeks", "since a newcomer joined; infinite for others"),
    ("cohort", _I, "-", "number of the cohort its holder is in, from 1; 0 none"),
    ("hiring", _F, "money", "spent on filling it this week"),
    ("tool", _F, "money", "its holder's tool costs in the week"),
)  # fmt: skip

TRACE_FIELDS: Fields = (
    ("start_hours", _F, "working h", "when a stretch began"),
    ("end_hours", _F, "working h", "when it ended"),
    ("developer", _I, "-", "whose it was"),
    ("activity", _I, "-", "one of ACTIVITIES"),
    ("task", _I, "-", "key of the task they were at"),
    ("piece_hours", _F, "expert-h", "size of the piece they were at"),
    ("hours", _F, "h", "of development booked"),
    ("outcome", _I, "-", "of a session; -1 for other work"),
)

WORLD = record(WORLD_FIELDS)
DEVELOPER = record(DEVELOPER_FIELDS)
TASK = record(TASK_FIELDS)
WEEK = record(WEEK_FIELDS)
CALENDAR = record(CALENDAR_FIELDS)
TRACE = record(TRACE_FIELDS)


def blank(length, dtype):
    """Zeros of a structured dtype whose rows have attributes, compiled or not."""
    rows = np.zeros(length, dtype)
    interpreted = numba.config.DISABLE_JIT
    return rows.view(np.recarray) if interpreted else rows
