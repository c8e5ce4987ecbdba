"""Which metric leads: the answer's own, in every title, sentence, table, figure and slide."""

from sim.records.words import NEVER
from sim.records.words import label as words_of
from sim.scenario.metric_names import lacks

WORK, NET = "work_delivered", "net_value"


def metric_of(plan):
    """The metric that leads what is said of one plan: that of its [answer].

    Of one that is undefined where the backlog is not done, what stands for it: whether the
    deadline is met, or without one the weeks until it is done, counted to a week that is stated.
    """
    metric = plan.answer.metric
    if metric in NEVER and plan.tasks.backlog is not None:
        return "weeks_to_done" if plan.by_week is None else "done_by"
    return metric


def metric_of_all(plans):
    """The metric that leads what is said of some plans, by the first whose [answer] names one.

    plans : Scenarios, the reference first

    Work delivered is what an [answer] is of that names nothing else; then net value leads where
    work is priced in every plan.
    """
    plans = list(plans)
    for plan in plans:
        metric = metric_of(plan)
        if metric != WORK and not any(lacks(each, metric) for each in plans):
            return metric
    return WORK if any(lacks(plan, NET) for plan in plans) else NET


def check_asked(named, error):
    """Refuse plans of which the question that leads cannot be asked: label -> plan or result.

    error : class of what is raised, one line
    """
    plans = {label: scenario_of(plan) for label, plan in named.items()}
    asking = next((label for label, plan in plans.items() if metric_of(plan) != WORK), None)
    if asking is None:
        return
    metric = metric_of(plans[asking])
    for label, plan in plans.items():
        if lacking := lacks(plan, metric):
            raise error(
                f"{label}: must state {lacking}: without it the question of {asking}, "
                f"{words_of(metric)}, cannot be asked of it"
            )


OF_BACKLOG = (
    "done_by", "weeks_to_done", "cost_until_done", "backlog_done", "backlog_given_up",
    "backlog_split",
)  # fmt: skip


def priced(plans):
    """Whether every plan counts money."""
    return all(plan.money is not None for plan in plans)


def first(names, *leading):
    """Names with the leading ones first, each once."""
    return list(dict.fromkeys((*leading, *names)))


def with_one_deadline(named):
    """Plans with the deadline of the first that states one: label -> Scenario or what has run.

    A plan of a backlog that states no deadline is asked by that of the others, so that what is
    compared is one event, and time and cost until done are counted to one week.
    """
    stated = [p for p in map(scenario_of, named.values()) if _deadline(p)]
    if not stated:
        return named
    given = {f"answer.{key}": value for key, value in _deadline(stated[0]).items()}
    given |= {"answer.metric": stated[0].answer.metric}
    return {
        label: plan.replace(given)
        if plan is scenario_of(plan) and plan.tasks.backlog is not None and not _deadline(plan)
        else plan
        for label, plan in named.items()
    }


def _deadline(plan):
    keys = ("by", "by_week", "up_to_week")
    stated = {key: getattr(plan.answer, key) for key in keys}
    return {key: value for key, value in stated.items() if value is not None}


def scenario_of(plan):
    """The Scenario of a plan that may have run."""
    return getattr(plan, "scenario", plan)
