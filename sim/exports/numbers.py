"""Numbers as people write them: one rule for a whole column, settled by the column itself.

A comma or a point with three digits behind it may part thousands or be a decimal mark. Other
values of the column settle it; where none does, the column is refused as a question.
"""

import math
import re
from collections.abc import Callable, Iterable
from functools import partial

from sim.errors import TicketError

_SIGN = r"[-+−]?"
_PLAIN = re.compile(rf"{_SIGN}\d+")
_GROUPED = re.compile(rf"{_SIGN}\d{{1,3}}([.,])\d{{3}}")  # 1,200: thousands, or three decimals
_GROUPS = re.compile(rf"{_SIGN}\d{{1,3}}(?:([.,])\d{{3}})(?:\1\d{{3}})+")
_BOTH = re.compile(rf"{_SIGN}\d{{1,3}}(?:([.,])\d{{3}})+(?!\1)([.,])\d+")
_DECIMAL = re.compile(rf"{_SIGN}\d*([.,])\d+(?:[eE][-+]?\d+)?")
# Spaces that part thousands: plain, no-break, thin and narrow no-break.
_SPACED = re.compile(
    rf"({_SIGN}\d{{1,3}})((?:[ \u00a0\u2009\u202f'’]\d{{3}})+)(?=$|[.,]|\s*[^\W\d_])"
)
_EXPONENT = re.compile(rf"{_SIGN}\d+[eE][-+]?\d+")


IN_A_MAP = 'say in a map (--map): [numbers] decimal = "." or ","'
WRITE_PLAINLY = "write numbers without marks of thousands"
EITHER = ".,"  # both marks in one column, each plain


class AmbiguousError(ValueError):
    """Numbers of a column may be read in two ways: a question for whoever reads it."""


def decimal_mark(texts: Iterable[str]) -> tuple[str, str]:
    """The decimal mark of a column, "." or ",", and how it was settled, in words ("" if at once).

    EITHER where 1,5 and 2.5 stand in one column, and no number of it may be read in two ways.

    Raises AmbiguousError where three digits stand behind a mark and nothing tells what it parts.
    """
    numbers = [compact(text) for text in texts]
    proofs, doubtful = _evidence(numbers)
    if len(proofs) > 1:
        both = f"{proofs['.']!r} has a decimal point and {proofs[',']!r} a decimal comma"
        if doubtful:
            raise AmbiguousError(f"{both}, so {next(iter(doubtful.values()))!r} may be either")
        return EITHER, f"{both}: each number is read by itself"
    if proofs:
        ((mark, example),) = proofs.items()
        return (
            mark,
            f"'{mark}' is the decimal mark, as {example} shows" if doubtful or mark == "," else "",
        )
    if not doubtful:
        return ".", ""
    if len(doubtful) > 1:
        raise AmbiguousError(
            f"{doubtful['.']!r} and {doubtful[',']!r} may be thousands or decimals"
        )
    ((mark, example),) = doubtful.items()
    whole = next((text for text in numbers if _PLAIN.fullmatch(text)), None)
    if whole and example.endswith("0"):
        # A number that ends in a nought is no shortest decimal, and a fixed three decimals
        # would have given the whole number beside it three as well.
        return _other(mark), f"'{mark}' parts thousands: {example} stands beside {whole}"
    met = ", ".join(list(dict.fromkeys(t for t in numbers if _GROUPED.fullmatch(t)))[:3])
    raise AmbiguousError(
        f"{met}: {example!r} may be {example.replace(mark, '')} or {example.replace(mark, '.')}"
    )


def _evidence(numbers: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Decimal mark -> a number that proves it, and mark -> a number in which it may be either."""
    proofs: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    for text in numbers:
        if match := _BOTH.fullmatch(text):
            proofs.setdefault(match[2], text)
        elif match := _GROUPS.fullmatch(text):
            proofs.setdefault(_other(match[1]), text)
        elif (match := _GROUPED.fullmatch(text)) and not text.lstrip("-+−").startswith("0"):
            if match[1] not in doubtful or text.endswith("0"):
                doubtful[match[1]] = text
        elif match := _DECIMAL.fullmatch(text):
            proofs.setdefault(match[1], text)
    return proofs, doubtful


def mark_for_a_map(texts: Iterable[str], stated: str | None) -> str | None:
    """The decimal mark that a map may state: stated before, or settled by a number that has one."""
    numbers = [compact(text) for text in texts]
    if stated or not any(_evidence(numbers)):
        return stated
    mark = decimal_mark(numbers)[0]
    return None if mark == EITHER else mark


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def compact(text: str) -> str:
    """A text without the blanks and apostrophes that part thousands."""
    if not _SPACED.match(text):
        return text
    return _SPACED.sub(lambda match: match[1] + re.sub(r"\D", "", match[2]), text)


def number(text: str, mark: str = ".") -> float:
    """A number with this decimal mark; NaN where the text is none.

    2.345,6 with "," is 2345.6; with "." it is no number.
    """
    text = compact(text).replace("−", "-")
    if mark == EITHER:
        mark = "," if text.rfind(",") > text.rfind(".") else "."
    if not text.isascii():
        return math.nan
    other = _other(mark)
    if other in text:
        whole, point, part = text.partition(mark)
        if not re.fullmatch(rf"[-+]?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+", whole):
            return math.nan
        text = whole.replace(other, "") + point + part
    text = text.replace(mark, ".")
    if _PLAIN.fullmatch(text) or _EXPONENT.fullmatch(text) or _DECIMAL.fullmatch(text):
        return float(text)
    return math.nan


def reader(
    name: str, header: str, texts: Iterable[str], stated: str | None = None, mend: str = IN_A_MAP
) -> tuple[Callable[[str], float], str]:
    """A function from text to number for one column, and how its mark was settled.

    stated : the decimal mark a map states
    mend   : what would do where the column is a question

    Raises TicketError, one line, where it is one, or where a number cannot have the stated mark.
    """
    texts = list(texts)
    if stated:
        proofs, _ = _evidence(map(compact, texts))
        if other := proofs.get(_other(stated)):
            raise TicketError(
                f"{name}: column '{header}': {other!r} cannot have the decimal mark {stated!r} "
                f'that the map states; say [numbers] decimal = "{_other(stated)}", or leave it out'
            )
    try:
        mark, settled = (stated, "") if stated else decimal_mark(texts)
    except AmbiguousError as error:
        raise TicketError(f"{name}: column '{header}': {error}; {mend}") from None
    return partial(number, mark=mark), settled
