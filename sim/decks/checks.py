"""Whether a deck can be made, before anything runs."""

from sim.errors import CompareError, DeckError, ScenarioError, SensitivityError
from sim.experiments import answers
from sim.experiments.sensitivity.factors import factors_of
from sim.studies import composition

BELIEFS = "plans of a deck differ in what is done, not in what is believed"


def check(plan):
    """Refuse a DeckPlan that cannot run: DeckError or AnswerError, one line."""
    first, *others = plan.plans
    for label in others:
        if plan.plans[label].world != plan.plans[first].world:
            raise DeckError(
                f"{plan.name}: {label}: does not assume the world of {first}; {BELIEFS}"
            )
    for scenario in plan.plans.values():
        answers.check(scenario)
    asked = plan.stated.analyses
    if plan.stated.budget is not None and any(p.money is None for p in plan.plans.values()):
        raise DeckError(f"{plan.name}: budget: needs [money] in every plan")
    try:
        if "sensitivity" in asked:
            factors_of(reference(plan), plan.stated.sensitivity.factors)
        if "composition" in asked:
            composition.base_of(reference(plan))
    except (SensitivityError, ScenarioError, CompareError) as error:
        raise DeckError(f"{plan.name}: {error}") from None


def reference(plan):
    """The Scenario of the first plan."""
    return next(iter(plan.plans.values()))


def advanced_share(plan):
    """Share of advanced work at which mixes are mapped: as asked, else the reference's."""
    asked = plan.stated.composition.advanced_share
    return reference(plan).advanced_share.central if asked is None else asked
