"""From the plan of a deck to its analyses, as far as possible from the same worlds."""

from dataclasses import dataclass
from functools import cached_property

from sim.decks import checks, quoted
from sim.decks.plan import DeckPlan
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.decide import Decision, of_comparison
from sim.experiments.sensitivity import Sensitivity, sensitivity
from sim.records.run_record import made
from sim.studies import Study, composition

OUTPUT = "work_delivered"  # what the sensitivity analysis is of


@dataclass(frozen=True, repr=False)
class Brief:
    """All that a deck says, before it is said.

    plan         DeckPlan
    comparison   Comparison of its plans
    decision     Decision among them from the same worlds, or None if not asked for
    sensitivity  Sensitivity of the work that the reference delivers, or None
    composition  Study of mixes of levels, or None
    """

    plan: DeckPlan
    comparison: Comparison
    decision: Decision | None
    sensitivity: Sensitivity | None
    composition: Study | None

    @cached_property
    def claims(self):
        """Every number that may be quoted: dict, id -> Claim."""
        found = (*self.comparison.claims(), *quoted.claims(self))
        return {claim.id: claim for claim in found}

    def run_record(self, claims):
        """The RunRecord that makes it again, with the claims that are quoted of it."""
        stated = self.plan.stated.model_dump(exclude={"plans", "template"})
        deck = {"name": self.plan.name, **stated}
        return made("deck", self.comparison.results, claims, deck=deck)

    @property
    def caveats(self):
        """Sentences that belong to every use of these numbers."""
        others = [self.decision, self.sensitivity, self.composition]
        said = [line for record in others if record for line in record.caveats]
        return tuple(dict.fromkeys((*self.comparison.caveats, *said)))

    def __repr__(self):
        return f"<Brief {self.plan.name}: {self.plan.stated.question}>"


def brief(plan, threads=None, progress=None):
    """Run what a deck is made of: `Brief`.

    plan : DeckPlan
    threads, progress : as for `run`; progress starts anew with each analysis

    Raises DeckError or another one-line error, before anything runs.
    """
    checks.check(plan)
    asked, stated = set(plan.stated.analyses), plan.stated
    how = {"threads": threads, "progress": progress}
    found = compare(plan.plans, draws=stated.draws, luck=stated.luck, seed=stated.seed, **how)
    return Brief(
        plan,
        found,
        of_comparison(found, stated.budget) if "decision" in asked else None,
        _sensitivity(plan, how) if "sensitivity" in asked else None,
        _composition(plan, how) if "composition" in asked else None,
    )


def _sensitivity(plan, how):
    asked = plan.stated.sensitivity
    return sensitivity(
        checks.reference(plan), asked.factors, samples=asked.samples, luck=asked.luck,
        seed=plan.stated.seed, metrics=[OUTPUT], **how,
    )  # fmt: skip


def _composition(plan, how):
    asked = plan.stated.composition
    return composition.run(
        asked.draws, asked.luck, plan.stated.seed, base=checks.reference(plan),
        shares=(checks.advanced_share(plan),), **how,
    )  # fmt: skip
