"""Numbers that a document quotes, held text by text against the claims it marks."""

import math
from collections import Counter

from sim.checking.verdicts import number_of
from sim.embed.envelope import missing
from sim.errors import ClaimError, short

GONE = "and marked no more: taken out, or typed over"
EXACT = 1e-9  # relative, of numbers in a chart


def faults(document):
    """Which quoted numbers are not shown as their claims print them.

    document : Document
    returns : (list of lines, one a number, and how many numbers are quoted)
    """
    claims = {claim.id: claim for record in document.records for claim in record.claims}
    places = document.places or ()
    lines = [line for place in places for line in _of_place(place, claims)]
    there = Counter(str(mark) for place in places for mark in place.marks)
    gone = Counter(document.marks) - there
    lines += [f"{short(mark, 120)}: quoted when written, {GONE}" for mark in gone]
    return lines, there.total()


def _of_place(place, claims):
    whole = {}
    for mark in place.marks:
        claim = claims.get(mark.claim)
        if claim is None:
            yield f"{place.where}: quotes {short(mark.claim)}, which is not in its record"
            continue
        try:
            form = claim.form(mark.form)
        except ClaimError as error:
            yield f"{place.where}: {error}"
            continue
        if mark.cell is None and isinstance(place.text, str):
            whole[mark] = form
        elif (shown := _cell(place.text, mark)) is None:
            yield f"{place.where}: {mark.claim}: is not shown where it is marked"
        elif not _shows(shown, claim, mark.form):
            yield _line(place.where, mark, shown, form)
    for mark in missing(place.text, whole) if whole else ():
        yield _line(place.where, mark, place.text, whole[mark])


def _cell(content, mark):
    """Text of a cell, or a number of a chart; None where there is none."""
    if isinstance(content, str) or mark.cell is None:
        return None
    return content.get((*mark.cell, mark.form), content.get(mark.cell))


def _shows(shown, claim, form):
    if isinstance(shown, str):
        return not missing(shown, {0: claim.form(form)})
    printed = number_of(claim.form(form))
    value = getattr(claim, form, math.nan)
    wanted = [value, 100 * value, printed] if claim.unit == "share" else [value, printed]
    # An end is made of the middle and the length of an error bar, so it is rounded twice.
    scale = EXACT * max(abs(number) for number in (shown, claim.value) if math.isfinite(number))
    return any(abs(shown - number) <= max(scale, EXACT * abs(number)) for number in wanted)


def _line(where, mark, shown, form):
    shown = short(" ".join(shown.split()), 160) if isinstance(shown, str) else f"{shown:.10g}"
    return f'{where}: {mark.claim}: shows "{shown}", must show "{short(form, 160)}"'
