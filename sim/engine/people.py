"""People: the level somebody starts with, what a level does, and how levels rise.

Selection does not train: for every effect f of a level, a person hired at x0 who has
since reached x has f(x0) + causal_share * (f(x) - f(x0)). Levels move at the end of a week,
by the practice of the week, and at the end of a training.
"""

import math

from sim.engine import compiled, inlined, luck
from sim.engine.curves import level_shift
from sim.engine.state import (
    ABSENT,
    AGENT,
    ANYBODY,
    DAYS_PER_WEEK,
    ENGINEER,
    EVERYTHING,
    HOURS_PER_WEEK,
    NOBODY,
    TOOL_ASSISTIVE,
)
from sim.engine.tools import familiarity_with, next_rollout, put_first_tool, put_tool

_ROUNDING = 1e-9  # a share of hours below this is the last bits of a sum

# ---- hired ---------------------------------------------------------------------------------


@compiled
def place_in_range(w, d, generation):
    """Luck of the holder of a seat: (effect on outcomes, place in a range of levels)."""
    return luck.pair(w.key, w.replication, d.key, generation, luck.DEVELOPER)


@compiled
def hired_level(w, d, generation):
    """Level a holder of a seat is hired at, the mean over domains."""
    _, v = place_in_range(w, d, generation)
    total = 0.0
    for domain in range(w.domains):
        total += d.level_low[domain] + v * (d.level_high[domain] - d.level_low[domain])
    return total / w.domains


@compiled
def pay_per_hour(w, d, level):
    """Cost of a paid hour: the seat's own, or by role and level, between levels in proportion.

    Equation 25 of docs/model.md.
    """
    if d.pay >= 0.0:
        return d.pay
    i = min(int(level) - 1, 3)
    return w.pay[d.role, i] + (level - 1.0 - i) * (w.pay[d.role, i + 1] - w.pay[d.role, i])


@compiled
def seat_holder(w, d):
    """Give a seat its holder: their levels, their persistent effect, nothing in their hands."""
    u, v = place_in_range(w, d, d.generation)
    for domain in range(w.domains):
        level = d.level_low[domain] + v * (d.level_high[domain] - d.level_low[domain])
        d.level[domain] = d.hired_level[domain] = level
        d.practice[domain] = 0.0
    d.trait = w.sd_developer * luck.normal(u)
    put_first_tool(w, d)
    d.familiarity, d.tool_hours = first_familiarity(w, d), 0.0
    if w.rollouts > 0:
        catch_up(w, d)
    d.familiarity_logit = familiarity_logit(w, d.familiarity)
    d.trained = 0
    d.head = d.tail = -1
    d.held = 0  # what their predecessor has out for review stays with the seat
    d.allowance, d.allowance_time = review_budget(w, d) / 5.0, w.time
    refresh(w, d)


@inlined
def first_familiarity(w, d):
    """Familiarity with the tool of a seat's new holder: none, but of who is there at the start.

    Equation 37 of docs/model.md.
    """
    if d.generation > 0:
        return 0.0
    if d.familiar >= 0.0:
        return d.familiar
    return 0.0 if d.newcomer == 1 else w.team_familiarity


@compiled
def catch_up(w, d):
    """Give a seat's new holder the tool that is rolled out to it by now.

    Whoever joins has used none of those that came before.
    """
    c = next_rollout(w, d)
    while c >= 0 and d.rollout_from[c] <= w.time:
        d.familiarity = familiarity_with(w, d, c)
        put_tool(w, d, c)
        c = next_rollout(w, d)
    if d.generation > 0 or d.newcomer == 1:
        d.familiarity = first_familiarity(w, d)


@compiled
def roll_out(w, d):
    """The next rollout comes to a person: their tool, what they know of it, what it does."""
    c = next_rollout(w, d)
    d.familiarity = familiarity_with(w, d, c)
    put_tool(w, d, c)
    d.familiarity_logit = familiarity_logit(w, d.familiarity)
    refresh(w, d)


@compiled
def ramp(w, tenure_weeks):
    """Productivity of a newcomer, averaged over the week that begins after `tenure_weeks`.

    It rises in a straight line from `ramp_start` to 1 over `ramp_weeks`.

    Equation 22 of docs/model.md.
    """
    if tenure_weeks >= w.ramp_weeks:
        return 1.0
    a, b = tenure_weeks, min(tenure_weeks + 1.0, w.ramp_weeks)
    missing = (b - a) - (b * b - a * a) / (2.0 * w.ramp_weeks)
    return 1.0 - (1.0 - w.ramp_start) * missing


@inlined
def review_budget(w, d):
    """Hours that a person may and can review in this week: what is set aside, or capacity.

    A newcomer's reviews ramp up as all that they do, and the team's drift as all its hours.

    Equation 17 of docs/model.md.
    """
    hours = min(w.review_hours_per_week, w.review_capacity) * w.pace
    if d.newcomer == 0 and d.generation == 0:
        return hours
    weeks = float(int(max(0.0, w.time - d.joins) / HOURS_PER_WEEK))
    return hours * ramp(w, weeks)


# ---- what a level does ---------------------------------------------------------------------


@inlined
def blend(share, hired, now):
    """Effect of a level reached, of which only the causal share counts.

    Equation 6 of docs/model.md.
    """
    return hired + share * (now - hired)


@compiled
def hand_factor(w, d, level):
    """Hours by hand over hours of an expert engineer, an assistive tool included.

    Equation 9 of docs/model.md.
    """
    factor = w.hand_ratio ** ((5.0 - level) / 4.0)
    if d.tool == TOOL_ASSISTIVE:
        place = (level - 1.0) / 4.0
        saving = (1.0 - place) * w.assist_saving_novice + place * w.assist_saving_expert
        factor *= 1.0 - d.adoption * w.assist_coding_share * saving
    return factor


@compiled
def refresh(w, d):
    """Recompute what a person's levels do, in every domain.

    Equations 6, 33 of docs/model.md.
    """
    s = w.causal_share
    for k in range(w.domains):
        x0, x = d.hired_level[k], d.level[k]
        # Fewer instructions per unit of work with more expertise (study, section 1.6).
        d.oversight[k] = w.instruction_gain ** (5.0 - x0)
        d.shift[k] = level_shift(w.shift, x0)
        d.hand_factor[k] = hand_factor(w, d, x0)
        if x != x0:
            d.oversight[k] = blend(s, d.oversight[k], w.instruction_gain ** (5.0 - x))
            d.shift[k] = blend(s, d.shift[k], level_shift(w.shift, x))
            d.hand_factor[k] = blend(s, d.hand_factor[k], hand_factor(w, d, x))
        straight = blend(s, x0, x)  # for effects linear in the level
        d.hand_logit[k] = w.hand_success_expert - w.hand_success_per_level * (5.0 - straight)
        above = straight - 3.0  # levels above intermediate
        d.review_logit[k] = w.review_skill_intermediate + w.review_skill_per_level * above
        d.recovery[k] = w.recovery_per_level * above


@inlined
def familiarity_logit(w, familiarity):
    """What familiarity with the tool adds to a session, against the studied users [logit].

    Equation 37 of docs/model.md.
    """
    return w.familiarity_effect * (familiarity - w.familiarity_mean)


@compiled
def count_able(w, developers):
    """By domain, how many engineers there are able for advanced work and for review; who reviews.

    Whoever depends on this is asked often; it changes only with staffing or a week.
    """
    w.changed |= EVERYTHING
    for k in range(w.domains):
        w.able[k] = w.reviewers[k] = 0
        w.stand_in[k] = -1
        w.stand_in_level[k] = w.stand_ins[k] = w.next_level[k] = 0
        for i in range(len(developers)):
            d = developers[i]
            if d.role == ENGINEER and d.joins <= w.time < d.leaves:
                w.able[k] += 1 if d.level[k] >= w.matched_level else 0
                w.reviewers[k] += 1 if d.level[k] >= w.reviewer_level else 0
            if d.activity != ABSENT:
                rank_stand_in(w, developers, i, k)
    for i in range(len(developers)):
        developers[i].reviews_of = NOBODY
        for k in range(w.domains):
            allow_reviews(w, developers[i], i, k)


@inlined
def rank_stand_in(w, developers, i, k):
    """Count person i among the most expert in domain k, or keep their level if it is the next."""
    level = nearest_level(developers[i], k)
    if level > w.stand_in_level[k]:
        w.next_level[k] = w.stand_in_level[k]
        w.stand_in[k], w.stand_in_level[k], w.stand_ins[k] = i, level, 1
    elif level == w.stand_in_level[k]:
        w.stand_ins[k] += 1
    elif level > w.next_level[k]:
        w.next_level[k] = level


@inlined
def nearest_level(d, k):
    """A person's level in domain k, as a whole number."""
    return int(d.level[k] + 0.5)


@inlined
def is_alone(w):
    """Whether nobody else is there."""
    return w.stand_ins[0] <= 1 and w.next_level[0] == 0


@inlined
def allow_reviews(w, d, i, k):
    """Add whose work person i may review in domain k.

    With two reviewers in a domain one of them is not the author, and nobody stands in. People of
    the next level stand in only where the one most expert is the author.
    """
    author = NOBODY
    eligible = d.role == ENGINEER and d.level[k] >= w.reviewer_level
    level = nearest_level(d, k)
    if eligible or (w.reviewers[k] < 2 and level == w.stand_in_level[k]):
        author = ANYBODY
    elif w.reviewers[k] < 2 and w.stand_ins[k] == 1 and level == w.next_level[k]:
        author = w.stand_in[k]
    if d.reviews_of == NOBODY:
        d.reviews_of = author
    elif author != NOBODY and author != d.reviews_of:
        d.reviews_of = ANYBODY


@inlined
def mean_level(w, d):
    """Level of a person, the mean over domains."""
    total = 0.0
    for k in range(w.domains):
        total += d.level[k]
    return total / w.domains


# ---- rising --------------------------------------------------------------------------------


@inlined
def practise(w, d, domain, hours, activity):
    """Add the hours of a stretch to a person's practice; less is learnt where the agent works.

    Equation 18 of docs/model.md.
    """
    d.practice[domain] += hours * (1.0 - w.delegation_damping if activity == AGENT else 1.0)
    if activity == AGENT:
        d.tool_hours += hours


@compiled
def rise(w, d):
    """Turn what was practised in a week into levels.

    dx/dh = learning_rate * (5 - x) / 4, so 5 - x decays with the hours practised.

    Equation 18 of docs/model.md.
    """
    for k in range(w.domains):
        below = (5.0 - d.level[k]) * math.exp(-w.learning_rate * d.practice[k] / 4.0)
        d.level[k], d.practice[k] = 5.0 - below, 0.0
    refresh(w, d)


@compiled
def accustom(w, d):
    """Turn a week's hours with the agent into familiarity: 1 - k decays with them.

    Equation 37 of docs/model.md.
    """
    left = (1.0 - d.familiarity) * math.exp(-d.tool_hours / w.familiarity_hours)
    d.familiarity, d.tool_hours = 1.0 - left, 0.0
    d.familiarity_logit = familiarity_logit(w, d.familiarity)


@inlined
def is_in(cohorts, c):
    """Whether cohort c is one of a number's, which holds a bit each."""
    return (cohorts >> c) & 1 == 1


@compiled
def next_cohort(w, d):
    """The cohort of a seat's first holder that ends next; -1 if they are in none any more."""
    first = -1
    if d.generation > 0 or d.trainee == d.trained:
        return first
    for c in range(w.cohorts):
        if not is_in(d.trainee, c) or is_in(d.trained, c):
            continue
        if first < 0 or w.training_end[c] < w.training_end[first]:
            first = c
    return first


@compiled
def efficacy(w, c):
    """Share of the way to its target that cohort c brings.

    Less where days of it are holidays, and where its trainers lacked hours.

    Equation 19 of docs/model.md.
    """
    share = w.training_efficacy if w.cohort_efficacy[c] < 0.0 else w.cohort_efficacy[c]
    share *= days_taught(w, c)
    asked, given = w.asked_hours[c], w.given_hours[c]
    if w.needs_trainers[c] == 1 and given < (1.0 - _ROUNDING) * asked:
        share *= given / asked
    return share


@compiled
def days_taught(w, c):
    """Share of the working days of cohort c on which people are there at all.

    Equation 19 of docs/model.md.
    """
    if w.attendance <= 0.0:
        return 0.0
    first, end = int(w.training_start[c] / HOURS_PER_WEEK), int(w.training_end[c] / HOURS_PER_WEEK)
    off = 0
    for week in range(first, end):
        off += w.days_off[week]
    return 1.0 - off / (DAYS_PER_WEEK * max(1, end - first))


@compiled
def graduate(w, d):
    """End of a training: the efficacy's share of the way to the target level.

    Equation 19 of docs/model.md.
    """
    c = next_cohort(w, d)
    share = efficacy(w, c)
    for k in range(w.domains):
        if w.training_domain[c] < 0 or w.training_domain[c] == k:
            d.level[k] += share * max(0.0, w.training_target[c] - d.level[k])
    d.trained |= 1 << c
    refresh(w, d)
