"""What each word means that a key of a scenario takes: "fifo", "matched", "strict" and the like."""

_LEVEL = "`novice` to `expert`, or a number from 1 to 5"
_BELIEF = "or a distribution such as `{ uniform = [LOW, HIGH] }`"
MEANINGS = {  # (table, key) -> value -> meaning
    ("Policy", "routing"): {
        "fifo": "whoever is free takes the first waiting task, able or not",
        "matched": "people below `matched_level` pass over advanced work while somebody able is "
        "there, and take the first task where nothing else is within `lookahead`",
        "strict": "people below `matched_level` never take advanced work, and rather wait",
    },
    ("Policy", "agent_use"): {
        "always": "every piece goes to the agent first",
        "never": "all is done by hand",
        "pays": "a piece goes to the agent where that is expected to take fewer hours",
    },
    ("Policy", "review"): {
        "none": "no work is reviewed",
        "unverified": "work is reviewed that has no hard evidence that it is done",
        "all": "all work is reviewed",
    },
    ("Policy", "review_order"): {
        "first": "reviews within the hours set aside come before own work",
        "turn": "reviews come before own work if they have waited at least as long",
        "last": "reviews come when there is nothing else to do, or at the limit",
    },
    ("Policy", "at_limit"): {
        "review": "reviews, whatever the hours set aside",
        "wait": "begins nothing new until a review is done",
        "continue": "goes on as if there were no limit",
    },
    ("Policy", "adjacent_work"): {
        "all": "adjacent roles take any work that routing lets them take",
        "average": "adjacent roles never take advanced work, however long it waits",
    },
    ("Tasks", "arrivals_per_week"): {"saturated": "there is always a next task"},
    ("Size", "size"): {
        "lognormal": "many small and few large tasks: `median_hours` and `sigma`",
        "exponential": "by chance at a constant rate: `mean_hours`",
        "constant": "all of one size: `mean_hours`",
    },
    ("Profile", "kind"): {
        "agentic": "an agent works on pieces by itself, in sessions",
        "assistive": "a completion assistant speeds up work by hand",
        "none": "no tool",
    },
    ("Profile", "anchor"): {"study": "the curve is that of the study, at its date"},
    ("Profile", "version"): {
        "start": "the version of the month in which the run begins",
        "date": "the version of its `date`",
    },
    ("Rollout", "curve"): {
        "even": "as many begin in each week",
        "s": "few at first, then many, then few",
    },
    ("Rollout", "first"): {
        "spread": "every other person in order of level, then those between",
        "lowest": "the lowest levels",
        "highest": "the highest levels",
    },
    ("Training", "role"): {
        "any": "engineers and people in adjacent roles",
        "engineer": "engineers alone",
        "adjacent": "people in adjacent roles alone",
    },
    ("People", "role"): {
        "engineer": "codes by hand and with the tool",
        "adjacent": "knows the domain and works with the tool, by hand only with "
        "`policy.adjacent_by_hand`",
    },
}
MEANINGS[("Leaver", "role")] = MEANINGS[("People", "role")]
MEANINGS[("Rollout", "role")] = MEANINGS[("Training", "role")]
RANGES = {  # (table, key) -> what it takes, where its type does not say it
    ("Levers", "domains"): "up to 4 names, each with its share of the work; they sum to 1",
    ("Levers", "world"): f"parameters of the register: a number, {_BELIEF}",
    ("Answer", "metric"): "a metric of `tiercurve run PLAN --all`",
    ("Answer", "against"): "a plan",
    ("Answer", "by"): 'a day in quotes, such as `"2027-03-31"`',
    ("Horizon", "start"): "a day or a month in quotes, from 2020 to 2040",
    ("People", "level"): f"{_LEVEL}; `[LOW, HIGH]`; or one of these for each of `[domains]`",
    ("Leaver", "level"): _LEVEL,
    ("Tasks", "arrivals_per_week"): "`saturated`, or 0 or more; not beside `backlog`",
    ("Tasks", "advanced_share"): f"0 to 1, {_BELIEF}",
    ("Profile", "source"): "text",
    ("Profile", "date"): 'a month in quotes, such as `"2026-01"`',
    ("Profile", "horizon_hours"): f"above 0 to 10,000, {_BELIEF}",
    ("Profile", "version"): "`start`, `date`, or a month in quotes",
    ("Profile", "world"): f"parameters of the register: a number, {_BELIEF}",
    ("Tool", "curves"): "`study`, `headline`, or a file of your own",
    ("Absence", "holidays"): 'days in quotes, such as `"2026-12-25"`, and `[FIRST, LAST]`',
    ("Absence", "holiday_weeks"): "whole numbers, below the weeks of the run",
    ("Rollout", "levels"): 'names of levels, such as `["advanced", "expert"]`',
    ("Freeze", "reviews"): 'days in quotes, such as `"2026-12-25"`, and `[FIRST, LAST]`',
    ("Freeze", "releases"): 'days in quotes, such as `"2026-12-25"`, and `[FIRST, LAST]`',
    ("Freeze", "review_weeks"): "whole numbers, below the weeks of the run",
    ("Freeze", "release_weeks"): "whole numbers, below the weeks of the run",
    ("Training", "domain"): "one of `[domains]`",
}
