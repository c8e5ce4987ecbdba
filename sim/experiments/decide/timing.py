"""Train now, later or not: what a search of trainings says of when."""

import pandas as pd

from sim.engine import metrics
from sim.records.words import percent

NOBODY = "train nobody"
NOW, LATER, NOT = "now", "later", "not"
WORDS = {NOW: "training now", LATER: "training later", NOT: "training nobody"}


def is_of_trainings(screened):
    """Whether a search was of trainings, whose plans were picked by what they give and cost."""
    return screened is not None and "start_week" in screened


def timing(decision):
    """How probably it is best to train now, later or not: a row each, or None.

    `plan`, the best of its kind by fresh draws; `p`, the probability that one of its kind is
    expected best of all; `mean` of what decides; `extra_cost` over training nobody.
    """
    if not is_of_trainings(decision.screened):
        return None
    weeks = decision.screened.set_index("training")["start_week"]
    kind = {label: _when(label, weeks) for label in decision.choices}
    table = decision.table.loc[list(decision.choices)]
    rows = {}
    for when in WORDS:
        own = table[[kind[label] == when for label in table.index]].sort_values("regret")
        if len(own):
            p = own["p_best_expected"].sum(skipna=False)
            rows[when] = (own.index[0], p, own["mean"].iloc[0], own["cost"].iloc[0])
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["plan", "p", "mean", "cost"])
    costs = found.pop("cost")
    return found.assign(extra_cost=costs - table["cost"][NOBODY])


def searched(decision):
    """Which trainings were searched and under which budgets, as a line; none of another decision.

    Where nothing bounds them it names the options that would, and where no money is stated what
    would count it.
    """
    if not is_of_trainings(decision.screened):
        return []
    plan = next(iter(decision.plans.values()))
    money = plan.money
    hours, is_kept = decision.design.get("hours"), "hours" in decision.design  # young
    bounds = []
    if decision.budget is not None:
        bounds.append(f"cost at most {decision.budget:,.0f} {money.currency} more than none")
    if hours is not None:
        bounds.append(f"take at most {hours:,.6g} h out of development")
    told = f"Searched: {len(decision.screened):,} trainings"
    told += f" that {' and '.join(bounds)}" if bounds else ", bounded by nothing" * is_kept
    left = [] if hours is not None or not is_kept else ["--hours bounds what they take"]
    if money is None:
        needs = f"[money] and training.cost_per_seat, which {plan.name} lacks"
        left.append(f"what they cost needs {needs}")
    elif decision.budget is None:
        left.append("--budget bounds what they cost")
    return ["; ".join([told, *left])]


def _when(label, weeks):
    if label == NOBODY:
        return NOT
    return NOW if weeks[label] == 0 else LATER


def sentence(decision, close=False):
    """Train now, later or not, in words; "" where the search was of none.

    close : whether the plan that comes out best is too close to call
    """
    table = timing(decision)
    if table is None:
        return ""
    best = next(when for when, plan in table["plan"].items() if plan == decision.best)
    settled = f"{WORDS[best]} comes out best"
    if close or table["p"].idxmax() != best:
        settled = f"too close to call; by so many draws {settled}"
    told = f"Train now, later or not: {settled}"
    if metrics.BY_NAME[decision.metric].event:  # no chance of a chance
        each = ", ".join(f"{when} {percent(mean)}" for when, mean in table["mean"].items())
        told += f"; chances with the best of each: {each}."
    else:
        each = ", ".join(f"{when} {percent(p)}" for when, p in table["p"].items())
        told += f"; probability that the best in expectation is of that kind: {each}."
    if table["extra_cost"].isna().any():
        told += " State [money] and training.cost_per_seat for the worth from which it pays."
    return told
