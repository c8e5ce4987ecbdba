"""Whether plans can be compared world by world, how they differ, and what to keep in mind then."""

from sim.caveats import LEGAL, WORKFORCE, Caveat
from sim.engine import source_hash
from sim.errors import CompareError
from sim.experiments import terms
from sim.records import provenance
from sim.scenario import LEVELS

MOST_MOVES = 2  # rows of people who join or leave that a line names
_NAMES = {float(number): name for name, number in LEVELS.items()}
# What two results must share for their worlds to be paired.
SHARED = ("seed", "draws", "luck", "uncertainty", "evidence_sha256", "engine_sources")


def check_plans(scenarios):
    """Refuse plans too few to compare, of different horizons or currencies: label -> Scenario."""
    if len(scenarios) < 2:
        raise CompareError("a comparison needs two plans at least, the reference first")
    first, *others = scenarios
    for label in others:
        for name in ("weeks", "start"):
            here, there = (getattr(scenarios[key].horizon, name) for key in (label, first))
            if here != there:
                raise CompareError(
                    f"{label}: horizon.{name} = {here}: must be that of {first}, {there}"
                )
        _check_deadlines(first, scenarios[first], label, scenarios[label])
    check_currencies(scenarios)


def _check_deadlines(first, reference, label, plan):
    """Refuse another deadline, or another week up to which time and cost are counted."""
    if reference.tasks.backlog is None or plan.tasks.backlog is None:
        return
    for name in ("by_week", "up_to_week"):
        here, there = (getattr(each, name) for each in (plan, reference))
        if here != there:
            raise CompareError(
                f"{label}: answer.{name}: {_week(here)}: must be that of {first}, {_week(there)}"
            )


def _week(week):
    return "none stated" if week is None else f"week {week:g}"


def check_currencies(scenarios):
    """Refuse plans that count money in different currencies: label -> Scenario."""
    stated = {label: plan.money.currency for label, plan in scenarios.items() if plan.money}
    for label, currency in stated.items():
        first = next(iter(stated))
        if currency != stated[first]:
            raise CompareError(
                f"{label}: money.currency = {currency}: must be that of {first}, {stated[first]}"
            )


def check_designs(designs):
    """Refuse results whose worlds do not pair: label -> dict with SHARED, the first as wanted."""
    first, *others = designs
    for label in others:
        for name in SHARED:
            here, there = (designs[key][name] for key in (label, first))
            if here != there:
                raise CompareError(
                    f"{label}: ran with {name} = {_short(here)}: must be that of {first}, "
                    f"{_short(there)}"
                )


def _short(value):
    return value[:12] if isinstance(value, str) else value


def check_current(designs, **design):
    """Refuse results that do not pair with plans that run now: label -> provenance.

    design : what the plans that run now are asked to share, where it is not that of the first
    """
    now = {"evidence_sha256": provenance.evidence_sha256(), "engine_sources": source_hash()}
    check_designs({"this comparison": next(iter(designs.values())) | now | design} | designs)


def apart(name, taken):
    """The name, or "name (2)" and so on where it is taken."""
    label, n = name, 1
    while label in taken:
        n += 1
        label = f"{name} ({n})"
    return label


# ---- what to keep in mind when plans are compared ------------------------------------------------


_WORKFORCE = (
    "This {what} is no basis for workforce change on its own: it rests on one vendor's study "
    "of its own tool and on assumptions, and it says nothing about any one person; "
    f"{LEGAL}. Measure your own work and team first, and let people decide."
)


def workforce(what):
    """The caveat that something ("comparison") is no basis for workforce change on its own."""
    return Caveat(_WORKFORCE.format(what=what), WORKFORCE)


def people(scenario):
    """How many people a plan has in the end, but for those who leave by chance [people]."""
    joining = sum(row.count for row in scenario.joiners)
    leaving = sum(row.count for row in scenario.leavers)
    return scenario.headcount + joining - leaving


def who(plan):
    """The people of a plan in words, with those who join and leave: "9 people (1 expert ...)"."""
    size = "1 person" if plan.headcount == 1 else f"{plan.headcount} people"
    moves = [*map(_joins, plan.joiners), *map(_leaves, plan.leavers)]
    more = len(moves) - MOST_MOVES
    rest = "1 row more joins or leaves" if more == 1 else f"{more} rows more join or leave"
    told = [*moves[:MOST_MOVES], *([rest] if more > 0 else [])]
    return f"{size} ({'; '.join(told)})" if told else size


def _joins(row):
    role = "engineer" if row.role == "engineer" else "colleague in an adjacent role"
    level = f"{_NAMES[row.level]} " if isinstance(row.level, float) and row.level in _NAMES else ""
    if row.count == 1:
        return f"1 {level}{role} joins, the seat open from week {row.week}"
    role = role.replace("engineer", "engineers").replace("colleague", "colleagues")
    return f"{row.count} {level}{role} join, the seats open from week {row.week}"


def _leaves(row):
    return f"{row.count} {'leaves' if row.count == 1 else 'leave'} in week {row.week}"


def caveats(results):
    """Caveats of a comparison: label -> Result, the reference first.

    First the workforce caution, then what is not alike in the plans, then what the results
    carry: once, with the labels of the plans where only some do.
    """
    said = [*of_comparing(results)]
    for caveat in dict.fromkeys(line for result in results.values() for line in result.caveats):
        having = [label for label, result in results.items() if caveat in result.caveats]
        everywhere = len(having) == len(results)
        said.append(caveat if everywhere else caveat.under(", ".join(having)))
    return tuple(dict.fromkeys(said))


def of_comparing(results):
    """Caveats that comparing adds to those of the results: label -> Result, the reference first."""
    first, *others = results
    scenarios = {label: result.scenario for label, result in results.items()}
    plans = [(first, scenarios[first], label, scenarios[label]) for label in others]
    fewer = (caveat for plan in plans if (caveat := _fewer_people(*plan)))
    return *fewer, *(caveat for plan in plans for caveat in terms.caveats(*plan))


def _fewer_people(first, reference, label, plan):
    here, there = people(plan), people(reference)
    if here < there:
        sentence = f"{label} has fewer people than {first} ({here} against {there})."
        return Caveat(f"{sentence} {workforce('comparison')}", WORKFORCE)
    return None
