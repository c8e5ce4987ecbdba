"""Words of a plan that look like a person's name: a guess by capitals, said and never acted on.

Plans state counts by level, never people. What is looked at is free text: the name of the plan, its
question, its domains. A name is taken to be an address, a handle, a word after a form of address,
or two or three capitalised words in a row; where a row of the plan holds one person, one such word
too. Words that open a sentence, months, levels, roles and the tool's own words are no names. Names
in small letters are not seen, and a product may be taken for a person.
"""

import re
from collections.abc import Iterator
from typing import Any

from sim.caveats import ACT_DATE

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?<!\w)@\w[\w-]*")
_ADDRESSED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Mme|Sr|Sra)\.? (?!und|and)[^\W\d_]\w+")
_NAME = r"[^\W\d_a-z](?=[^\W\d_]*[a-z])[^\W\d_]+(?:-[^\W\d_]+)*"  # a capital, then small letters
_RUN = re.compile(rf"(?<![\w.])({_NAME}(?: {_NAME})*)")
_START = re.compile(r"(?:^|[.!?:;]\s+)[\"'“‘(]*$")
MOST_WORDS = 3  # of a name; more in a row are a title in capitals
_COMMON = """
    a an and any are as at be before by can could do does each even for from given has have how if
    in into is it its later may more much must no not of on one or our should so still than that
    the their then there these this those three to today two until we what when where whether
    which who why will with without would january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday christmas
    easter spring summer autumn winter quarter half year week sprint release deadline novice
    novices beginner beginners intermediate advanced expert experts senior seniors junior juniors
    engineer engineers engineering developer developers analyst analysts designer tester manager
    lead leads team teams platform product data people backend frontend mobile web cloud hire
    hiring train training trained replace add keep wait review start claude code github gitlab
    copilot cursor codex gemini jira linear azure devops ai api ui ux qa crud
"""
COMMON = frozenset(_COMMON.split())


def of_plan(plan: Any) -> tuple[str, ...]:
    """A sentence for each word that may be a person's name; none where there is none.

    plan : Scenario
    """
    alone = any(row.count == 1 for row in (*plan.people, *plan.joiners, *plan.leavers))
    texts = {
        "name": re.sub(r"[-_]+", " ", plan.name),
        "question": plan.question,
        "domains": ", ".join(plan.domains),
    }
    tools = " ".join(f"{tool.profile} {tool.description}" for tool in plan.tools)
    known = COMMON | set(re.findall(r"\w+", tools.lower()))
    found = {name: key for key, text in texts.items() for name in names(text, alone, known)}
    return tuple(
        f"{key}: '{name}' may be a person's name (a guess by its letters). A plan states counts by "
        "level, never people: write the role. Plans of named people come near what the EU AI Act "
        f"calls high-risk in employment, with duties from {ACT_DATE}."
        for name, key in found.items()
    )


def names(text: str, alone: bool = False, known: frozenset[str] | set[str] = COMMON) -> list[str]:
    """What looks like a person's name in a text, in its order.

    alone : whether one capitalised word within a sentence is taken for one
    known : words, in small letters, that are no names
    """
    clear = [*_ADDRESS.findall(text), *_ADDRESSED.findall(text)]
    guessed = (name for name in _runs(text, alone, known) if not any(name in one for one in clear))
    return list(dict.fromkeys([*clear, *guessed]))


def _runs(text: str, alone: bool, known: frozenset[str] | set[str]) -> Iterator[str]:
    for run in _RUN.finditer(text):
        words = run[1].split(" ")
        opens = bool(_START.search(text[: run.start()]))
        if words[0].lower() in known:  # "Can Anna Schmidt ..."
            words, opens = words[1:], False
        least = 1 if alone and not opens else 2
        if least <= len(words) <= MOST_WORDS and not known & {word.lower() for word in words}:
            yield " ".join(words)
