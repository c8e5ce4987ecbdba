"""What is varied, in words: parameters, levers and blocks of the posterior, as a planner says them.

The keys stay in plans, Parquet and JSON, and stand beside the words in tables that show both.
"""

from sim.engine import metrics
from sim.records.words import label, parameters

# Levers whose key says less than it means; of all others the key is told with spaces.
_LEVERS = {
    "horizon.start": "start",
    "horizon.weeks": "length of the run",
    "tasks.backlog": "tickets of the backlog",
    "tasks.done_share": "share of the backlog that must be done",
    "tasks.advanced_share": "share of advanced work",
    "tasks.fix_share": "share of work that fixes what existed before",
    "tasks.own_share": "share of work on code that its author knows",
    "tasks.arrivals_per_week": "tickets that arrive a week",
    "tool.profile": "tool",
    "tool.curves": "curve set",
    "tool.adoption": "share of work taken to the tool",
    "tool.familiarity": "familiarity with the tool at the start",
    "tool.horizon_hours": "size of a task of which the tool does half",
    "policy.review": "work that is reviewed",
    "policy.review_order": "when reviews come",
    "policy.review_hours_per_week": "hours a week set aside for reviews",
    "policy.reviewer_level": "lowest level that reviews",
    "policy.matched_level": "lowest level that does advanced work",
    "policy.scope_hours": "largest piece given to a session",
    "policy.max_sessions": "sessions on one piece before by hand",
    "policy.parallel_sessions": "sessions a person runs at once",
    "policy.agent_use": "when work goes to the agent",
    "policy.routing": "who picks which work",
    "training.seats": "people trained",
    "absence.holidays": "holidays",
    "absence.holiday_weeks": "weeks in which nobody works",
    "absence.leave": "share of the time on leave",
    "absence.sickness": "share of the time sick",
    "freeze.reviews": "days on which no review begins",
    "freeze.review_weeks": "weeks in which no review begins",
    "freeze.releases": "days on which nothing is released",
    "freeze.release_weeks": "weeks in which nothing is released",
    "tasks.blocked_share": "share of tickets that wait for another",
    "tasks.chain_length": "tickets of a chain",
    "policy.unreviewed_share": "share of small average work that needs no review",
    "policy.unreviewed_hours": "largest task that counts as small",
    "now.open": "open tickets",
    "now.advanced": "open tickets that are advanced work",
    "now.in_hand": "tickets in hand",
    "now.in_hand_left": "share left of a ticket in hand",
    "now.waiting_review": "tickets that wait for review",
    "now.done": "tickets done before",
    "answer.by": "deadline",
    "answer.by_week": "week of the deadline",
    "answer.up_to_week": "week counted to",
    "money.tool_per_person_month": "tool, a person and month",
    "money.price_per_expert_hour": "worth of an expert-hour of work",
}
_TOGETHER = {
    "composition": "mix of levels",
    "curve": "what the agent can do",
    "tool trend": "how tools improve",
    "team record": "the team's own record",
    # Numbers that methods on single inputs vary one by one: of a mix, and of a block's row.
    "composition.0": "mix of levels: share of novices",
    "composition.1": "mix of levels: share of intermediates among the others",
    "tool trend.0": parameters()["doubling_days"],
    "tool trend.1": parameters()["trend_drift"],
    # Columns of a block that methods on given data look at one by one.
    "partial_1": "novices' sessions that succeed in part",
    "judged_1": "novices' sessions judged done",
    "verified_1": "novices' sessions verified as done",
    "verified_2": "beginners' sessions verified as done",
    "verified_3": "intermediates' sessions verified as done",
    "verified_4": "advanced people's sessions verified as done",
    "verified_5": "experts' sessions verified as done",
    "ticket_size": "size of the team's tickets",
    "drift_level": "drift of the team's pace at the start",
    "drift_reverting": "drift of the team's pace that fades",
    "drift_walk_sd": "spread of the drift that stays",
    "drift_reverting_sd": "spread of the drift that fades",
    "drift_persistence": "how long drift that fades lasts",
    "drift_jump_chance": "chance of a jump of the team's pace",
    "drift_jump_sd": "size of jumps of the team's pace",
}


def factor(name):
    """A parameter, lever or block in words; a name that is none of these with spaces."""
    own = name.removeprefix("world.")
    if own in parameters():
        return parameters()[own]
    if name in _TOGETHER or name in _LEVERS:
        return _TOGETHER.get(name) or _LEVERS[name]
    table, *keys = name.split(".")
    if table == "team" and keys:
        role = "people in adjacent roles" if keys[0] == "adjacent" else "engineers"
        return f"{keys[-1]} {role}"
    if keys and keys[0].isdecimal():  # a row of a list
        row, *own = keys
        return " of ".join([*(key.replace("_", " ") for key in own), f"row {row}", table])
    keys = [key.replace("_", " ") for key in keys]
    return ", ".join(keys if table == "policy" and keys else [table.replace("_", " "), *keys])


def in_words(name):
    """A metric, parameter or lever in words, as sentences and figures have it.

    `table.rename(index=sim.in_words)` puts words in place of the keys of a table; any other text
    stays as it is, "_" as a space.
    """
    return label(name) if name in metrics.NAMES else factor(name)


def member(name, block):
    """A parameter in words, and in brackets the block of the posterior that it varies with."""
    return f"{factor(name)} ({factor(block)})" if block else factor(name)


def values(point):
    """Values of levers in words: "novice engineers = 2, tool = none"; path -> value."""
    return ", ".join(f"{factor(path)} = {value}" for path, value in point.items())
