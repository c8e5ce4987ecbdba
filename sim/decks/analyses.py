"""From the plan of a deck to its analyses, as far as possible from the same worlds."""

from dataclasses import dataclass
from functools import cached_property

from sim.decks.claims import claims
from sim.decks.plan import DeckPlan
from sim.errors import CompareError, DeckError, ScenarioError, SensitivityError
from sim.experiments import answers, leading, workload
from sim.experiments.compare import compare
from sim.experiments.compare import workload_of as work_of_comparison
from sim.experiments.comparison import Comparison
from sim.experiments.decide import Decision, of_comparison
from sim.experiments.pairing import workforce
from sim.experiments.sensitivity import Sensitivity, sensitivity
from sim.experiments.sensitivity.analysis import workload_of as work_of_sensitivity
from sim.experiments.sensitivity.factors import factors_of
from sim.planning import grid
from sim.records.run_record import made
from sim.studies import Study, composition, mixes
from sim.studies import work_of as work_of_runs

BELIEFS = "plans of a deck differ in what is done, not in what is believed"


@dataclass(frozen=True, repr=False)
class Analyses:
    """The analyses a deck is built from.

    plan         DeckPlan
    comparison   Comparison of its plans
    decision     Decision among them from the same worlds, or None if not asked for
    sensitivity  Sensitivity of the reference's metric that leads, or None
    composition  Study of mixes of levels, or None
    view         answers of the view to move as JSON, or "" if not asked for
    """

    plan: DeckPlan
    comparison: Comparison
    decision: Decision | None
    sensitivity: Sensitivity | None
    composition: Study | None
    view: str = ""

    @cached_property
    def claims(self):
        """Every number that may be quoted: dict, id -> Claim."""
        return {claim.id: claim for claim in (*self.comparison.claims(), *claims(self))}

    def run_record(self, claims):
        """The RunRecord that makes them again, with the claims that are quoted of them."""
        stated = self.plan.stated.model_dump(exclude={"plans", "template"})
        deck = {"name": self.plan.name, **stated}
        return made("deck", self.comparison.results, claims, deck=deck)

    @property
    def caveats(self):
        """Sentences that belong to every use of these numbers."""
        records = (self.comparison, self.decision, self.sensitivity, self.composition)
        return tuple(dict.fromkeys(line for r in records if r for line in r.caveats))

    def __repr__(self):
        return f"<Analyses {self.plan.name}: {self.plan.stated.question}>"


def analyse(plan, threads=None, progress=None):
    """Run the analyses that a deck's plan asks for: `Analyses`.

    plan : DeckPlan
    threads, progress : as for `run`; progress starts anew with each analysis

    Raises DeckError or another one-line error, before anything runs; also where its rows cannot
    fit into memory.
    """
    workload_of(plan, threads).refuse_unfit(DeckError, f"{plan.name}: ")
    stated, options = plan.stated, {"threads": threads, "progress": progress}
    design = {"draws": stated.draws, "luck": stated.luck, "seed": stated.seed}
    comparison = compare(plan.plans, **design, **options)
    return Analyses(
        plan,
        comparison,
        of_comparison(comparison, stated.budget) if "decision" in stated.analyses else None,
        _sensitivity(plan, options) if "sensitivity" in stated.analyses else None,
        _composition(plan, options) if "composition" in stated.analyses else None,
        _view(plan) if stated.interactive else "",
    )


def workload_of(plan, threads=None):
    """The Workload of the analyses that a deck's plan asks for; nothing runs.

    plan : DeckPlan
    threads : as for `run`

    Raises what `analyse` raises of the plan, but for memory.
    """
    check(plan)
    stated = plan.stated
    design = {"draws": stated.draws, "luck": stated.luck, "seed": stated.seed}
    work = work_of_comparison(plan.plans, **design, threads=threads)
    claims = (2 * len(plan.plans) - 1) * stated.draws
    work = work.longer(claims * workload.PER_DRAW_OF_CLAIMS)
    if "sensitivity" in stated.analyses:
        own = stated.sensitivity
        work += work_of_sensitivity(
            plan.reference, own.factors, samples=own.samples, luck=own.luck, threads=threads
        )
    if "composition" in stated.analyses:
        mapped, own = stated.composition, _maps_answer(plan)
        one = (mapped.advanced_share,)
        runs = mixes.runs(plan.reference) if own else composition.runs(plan.reference, one)
        work += work_of_runs(runs, mapped.draws, mapped.luck, threads)
    if stated.interactive:
        work += grid.work_of(plan.plans, stated.draws, stated.luck)
    return work


def _sensitivity(plan, options):
    design = plan.stated.sensitivity
    return sensitivity(
        plan.reference, design.factors, samples=design.samples, luck=design.luck,
        seed=plan.stated.seed, metrics=[leading.metric_of_all([plan.reference])], **options,
    )  # fmt: skip


def _view(plan):
    """Answers of the view to move: JSON."""
    stated, about = plan.stated, (plan.name.replace("-", " "), workforce("deck"))
    return grid.grid(plan.plans, stated.draws, stated.luck, stated.seed, about)


def _maps_answer(plan):
    """Whether the map of mixes is of the reference's own metric, not of work delivered."""
    return plan.stated.composition.metric == "answer" and mixes.maps(plan.reference)


def _composition(plan, options):
    """The map of mixes: of the reference's own metric where that is of its backlog, else of work.

    At the share of advanced work stated, else the reference's.
    """
    design, reference = plan.stated.composition, plan.reference
    if _maps_answer(plan):
        stated = design.advanced_share
        base = reference if stated is None else reference.replace({"tasks.advanced_share": stated})
        return mixes.run(design.draws, design.luck, plan.stated.seed, base=base, **options)
    share = design.advanced_share
    shares = (reference.advanced_share.central if share is None else share,)
    return composition.run(
        design.draws, design.luck, plan.stated.seed, base=reference, shares=shares, **options
    )


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
    if plan.stated.interactive:
        grid.check(plan.plans, f"{plan.name}: interactive: ")
    leading.check_asked(plan.plans, DeckError)
    analyses = plan.stated.analyses
    if plan.stated.budget is not None and any(p.money is None for p in plan.plans.values()):
        raise DeckError(f"{plan.name}: budget: needs [money] in every plan")
    try:
        if "sensitivity" in analyses:
            factors_of(plan.reference, plan.stated.sensitivity.factors)
        if "composition" in analyses:
            (mixes if _maps_answer(plan) else composition).base_of(plan.reference)
    except (SensitivityError, ScenarioError, CompareError) as error:
        raise DeckError(f"{plan.name}: {error}") from None
