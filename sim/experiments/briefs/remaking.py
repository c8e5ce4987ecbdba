"""The run record of a deck, and its analyses made again from it."""

from dataclasses import replace

from sim.experiments.briefs.analyses import Brief, brief
from sim.experiments.briefs.errors import DeckError
from sim.experiments.briefs.plan_file import DeckFile, DeckPlan
from sim.experiments.claims_of import claims_of
from sim.experiments.run_record import record_of
from sim.scenario import ScenarioError
from sim.scenario.checking import checked


def record(found, claims):
    """The RunRecord of a Brief, with the claims that are quoted of it."""
    stated = found.plan.stated.model_dump(exclude={"plans", "template"})
    kept = record_of(found.comparison)
    return replace(
        kept, kind="deck", claims=tuple(claims), about=kept.about.replace("compare", "deck", 1),
        arguments=kept.arguments | {"deck": {"name": found.plan.name, **stated}},
    )  # fmt: skip


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
    return brief(DeckPlan(name, stated, plans), threads, progress)
