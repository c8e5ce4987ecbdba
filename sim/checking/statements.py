"""What a deck states beside its quoted numbers, held against its record.

Prices, levers, seats, cells of the register, speaker notes: what a plan or the register states and
nothing estimates. Words are free; numbers must stand in the lines they were written in. Dates are
compared as numbers, since earlier versions wrote them so.
"""

import re
from collections import Counter
from difflib import SequenceMatcher

from sim.errors import short
from sim.scenario.calendar_days import date_numbers

NUMBER = re.compile(r"[−+-]?\d+(?:,\d{3})*(?:\.\d+)?%?")
WORD = re.compile(r"[^\W\d_]{2,}")
ALIKE = 0.5  # share of a line's words that its edited form must hold
MOST_LINES = 20  # that are named
MOST_PAIRS = 20_000_000  # of lines, compared one by one
TOO_MUCH = "so many of its lines are not as written that they are not held one by one"


def faults(stated, lines):
    """What a document no longer states as it did: a sentence a line.

    stated : lines as `sim.decks.content.stated` gives them
    lines : list of Line, those of the document
    """
    stated = [tuple(map(date_numbers, parts)) for parts in stated]
    lines = [line._replace(text=date_numbers(line.text)) for line in lines]
    left, free = _apart(stated, lines)
    if len(left) * len(free) > MOST_PAIRS:
        return [TOO_MUCH]
    candidates = [(line, _words(line.text), NUMBER.findall(line.text)) for line in free]
    every = [fault for parts in left if (fault := _fault(parts, candidates))]
    more = len(every) - MOST_LINES
    return [*every[:MOST_LINES], *([f"and {more} lines more are not as written"] * (more > 0))]


def _apart(stated, lines):
    """Stated lines that do not stand in the document as they are, and lines of it that are new."""
    there = Counter(line.text for line in lines)
    left = []
    for parts in stated:
        text = " ".join("".join(parts).split())
        if there[text] > 0:
            there[text] -= 1
        else:
            left.append(parts)
    return left, [line for line in lines if there[line.text] > 0]


def _fault(parts, candidates):
    """The sentence of a stated line that no line of the document is an edited form of, or None."""
    text = " ".join("".join(parts).split())
    words, best, nearest = _words(text), 0.0, None
    for line, others, numbers in candidates:
        alike = len(words & others) / len(words) if words else 1.0
        if alike >= ALIKE and _holds(parts, numbers):
            return None
        if alike > best:
            best, nearest = alike, (line, numbers)
    if nearest is None or best < ALIKE:
        return f'"{short(text, 160)}": stated when written, and there no more'
    line, numbers = nearest
    was, now = _differing(NUMBER.findall(text), numbers)
    return f'{line.where}: states {now}, must state {was}: "{short(text, 160)}"'


def _holds(parts, numbers):
    """Whether the numbers of a line are those stated; of quoted ones their marks tell."""
    whole, given = (NUMBER.findall(" ".join(texts)) for texts in (parts, parts[::2]))
    if _in_order(whole, numbers):
        return True
    swapped = not Counter(whole) - Counter(numbers)  # all are there, in another order
    return not swapped and _in_order(given, numbers)


def _in_order(wanted, numbers):
    rest = iter(numbers)
    return all(number in rest for number in wanted)


def _differing(was, now):
    """The numbers in which two lines differ, as text each."""
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    pairs = [(was[a:b], now[c:d]) for kind, a, b, c, d in blocks if kind != "equal"]
    return tuple(" ".join(x for pair in pairs for x in pair[end]) or "no number" for end in (0, 1))


def _words(text):
    return set(WORD.findall(text.casefold()))
