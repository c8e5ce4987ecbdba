"""Caveats: sentences that belong to every use of some numbers, each of a kind.

Who prints a caveat prints its words; who decides whether it must be shown asks for its kind, so
that words may change without losing a warning.
"""

HEADLINE = "headline"  # curves that join two measures
CENTRAL = "central"  # parameters at their centre
ONE_LUCK = "one luck"  # chance and ignorance not told apart
PRECISION = "precision"  # not reached
WORKFORCE = "workforce"  # no basis for workforce change
OTHER_WORK = "other work"  # plans that do not meet the same work
OTHER_WORLD = "other world"  # plans that do not assume the same world
OTHER_PRICES = "other prices"  # plans that do not count the same prices
FAILED = "failed points"
UNFINISHED = "unfinished points"
LAW = "law"  # what a simulation may not decide, and which law applies
TREND = "trend"  # a curve carried beyond its evidence
DOUBT = "doubt"  # what a plan states that may not be meant
NOTE = "note"  # all others

# What the law may ask: EU AI Act, Annex III point 4, as Regulation (EU) 2026/1744 dates its duties.
ACT_DATE = "2 December 2027"
LEGAL = f"employment law and, from {ACT_DATE}, the EU AI Act's duties for employment may apply"
_UNDATED = "employment law and the EU AI Act may apply"  # in curve sets and folders kept before
KINDS = (
    HEADLINE, CENTRAL, ONE_LUCK, PRECISION, WORKFORCE, OTHER_WORK, OTHER_WORLD, OTHER_PRICES,
    FAILED, UNFINISHED, LAW, TREND, DOUBT, NOTE,
)  # fmt: skip

# Kinds of plans that are compared on terms that are not the same.
OTHER_TERMS = (OTHER_WORK, OTHER_WORLD, OTHER_PRICES)

# Kinds without which the numbers of any record must not be shown.
ALWAYS = (HEADLINE, CENTRAL, ONE_LUCK, PRECISION, DOUBT)

# Words by which the kind of a caveat is known that was kept as text alone: in curve sets, and in
# folders saved before kinds were.
_WORDS = {
    "HEADLINE CURVES": HEADLINE,
    "All parameters at their centre": CENTRAL,
    "One luck a draw": ONE_LUCK,
    "The precision asked": PRECISION,
    "no basis for workforce change": WORKFORCE,
    "Not a basis for workforce change": LAW,
    "do not meet the same work": OTHER_WORK,
    "do not assume the same world": OTHER_WORLD,
    "do not count the same prices": OTHER_PRICES,
    "points failed": FAILED,
    "are not finished": UNFINISHED,
    "The tool's curve is carried": TREND,
}


class Caveat(str):
    """A sentence that belongs to every use of some numbers.

    kind : one of KINDS
    """

    __slots__ = ("kind",)
    kind: str

    def __new__(cls, text, kind=NOTE):
        caveat = super().__new__(cls, text)
        caveat.kind = kind
        return caveat

    def __getnewargs__(self):
        return str(self), self.kind

    def under(self, label):
        """The same caveat of one plan among several, or of some of them."""
        return Caveat(f"{label}: {self}", self.kind)


def of_kinds(caveats, *kinds):
    """Those of some caveats that are of the kinds, in their order."""
    return [caveat for caveat in caveats if getattr(caveat, "kind", None) in kinds]


def once(caveats):
    """Some caveats without those that others of them say: that of workforce change says the law."""
    if not of_kinds(caveats, WORKFORCE):
        return list(caveats)
    return [caveat for caveat in caveats if getattr(caveat, "kind", None) != LAW]


def noted(sentences):
    """Sentences as caveats, a tuple: those that are none yet become notes."""
    return tuple(line if isinstance(line, Caveat) else Caveat(line, NOTE) for line in sentences)


def read(texts, kinds=None):
    """Caveats kept as texts, as a tuple.

    kinds : the kind of each, or None where they were not kept

    What was kept of the law before it had a date is told with it.

    Raises ValueError where a kind is not one of KINDS, or there are not as many as texts.
    """
    texts = [str(text).replace(_UNDATED, LEGAL) for text in texts]
    if kinds is None:
        return tuple(Caveat(text, _kind(text)) for text in texts)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"caveats: kind {unknown[0]!r}")
    return tuple(Caveat(text, kind) for text, kind in zip(texts, kinds, strict=True))


def _kind(text):
    return next((kind for words, kind in _WORDS.items() if words in text), NOTE)
