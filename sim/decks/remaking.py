"""The run record of a deck, and its analyses made again from it."""

from dataclasses import replace

from sim.checking.rerun import as_kept
from sim.decks.analyses import Brief, brief
from sim.decks.plan import DeckFile, DeckPlan
from sim.errors import DeckError, ScenarioError
from sim.experiments.claims_of import claims_of
from sim.experiments.comparison import Comparison
from sim.records.run_record import made
from sim.scenario.checking import checked


def record(found, claims):
    """The RunRecord of a Brief, with the claims that are quoted of it."""
    stated = found.plan.stated.model_dump(exclude={"plans", "template"})
    asked = {"name": found.plan.name, **stated}
    return made("deck", found.comparison.results, claims, deck=asked)


@claims_of.register
def _of_brief(found: Brief):
    return tuple(found.claims.values())


def remake(kept, plans, threads, progress):
    """The Brief of a RunRecord of kind "deck", run again: see `run_record.REMAKERS`.

    plans : dict, label -> Scenario

    Raises DeckError, one line, where the record's own arguments cannot be used.
    """
    asked = dict(kept.arguments.get("deck", {}))
    name = str(asked.pop("name", "deck"))
    asked["plans"] = [{"scenario": label} for label in plans]  # their files are not needed
    try:
        stated = checked(DeckFile, asked, "run record")
    except ScenarioError as error:
        raise DeckError(str(error)) from None
    found = brief(DeckPlan(name, stated, plans), threads, progress)
    results = found.comparison.results.items()
    whole = {label: as_kept(result, kept.plans[label]) for label, result in results}
    return replace(found, comparison=Comparison(whole))
