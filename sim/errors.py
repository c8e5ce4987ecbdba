"""Every error class, the checks that raise any of them, and how its one line shows values."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, TypeGuard


class ScenarioError(ValueError):
    """A scenario, a tool profile or a curve set cannot be used; a line a fault: where and why."""

    faults: tuple[str, ...] = ()  # of a file, a line each; empty where it is one


class UnknownKeyError(ScenarioError):
    """A key, or a dotted path, that no scenario has."""


class AnswerError(ValueError):
    """A question that no run can answer: one line."""


class AssessError(ValueError):
    """A work sample, a date or a record file that cannot be used: one line."""


class BacktestError(ValueError):
    """Weeks of tickets that cannot be read or forecast: one line a fault."""


class CheckError(ValueError):
    """A file that is refused, or holds no run record: one line."""


class LongCheckError(CheckError):
    """A file whose record asks for more work than a check may take: one line."""


class ClaimError(ValueError):
    """Data that are no claim, or a form that a claim has not: one line."""


class CompareError(ValueError):
    """Plans that cannot be compared, or a question a comparison cannot answer: one line."""


class CurveError(ValueError):
    """A curve set that cannot be read: one line, where, what, what would do."""


class DecideError(ValueError):
    """A decision that cannot be analysed or read: one line."""


class DeckError(ValueError):
    """A deck that cannot be planned or written: one line."""


class EvidenceError(ValueError):
    """The evidence ledger cannot be read as it stands: one line, where and why."""

    def __init__(self, text: str) -> None:
        super().__init__(short(text, 600))  # a cell may hold anything


class ExcelError(ValueError):
    """A record cannot be written as a workbook."""


class ExtraError(ValueError):
    """A library that only an extra of the package brings is not there: one line."""


class FigureError(ValueError):
    """A figure that cannot be drawn or written so: one line."""


class PackError(ValueError):
    """A class that cannot be sent to other processes: one line."""


class WorkerError(RuntimeError):
    """A call whose worker process died as often as it may be tried, or cannot be used: one line.

    arguments  of the call
    """

    def __init__(self, tries, arguments, reason=None):
        why = f"died {tries} times" if reason is None else f"cannot be used ({reason})"
        super().__init__(f"a worker process {why}")
        self.arguments = arguments


class LearnError(ValueError):
    """A record that nothing can be learned from, or that cannot be used: a line a fault."""


class ModelError(ValueError):
    """A simulation was asked for what the model cannot do; one line says what would do."""


class PatternError(ValueError):
    """A pattern that cannot be used; one line says where and why."""


class PlanError(ValueError):
    """A plan in a record that is not one of ours: one line."""


class PlannerError(ValueError):
    """A change of the planning page that no control allows, or a page that cannot be served."""


class RecordError(ValueError):
    """A run record that cannot be made, read or run again: one line."""


class RegisterError(ValueError):
    """The register, or a value meant to replace one of its entries, cannot be used."""

    def __init__(self, text: str) -> None:
        super().__init__(short(text, 600))  # a value may be anything


class ResultError(ValueError):
    """A result that cannot be read, or a question it cannot answer: one line."""


class RunError(ValueError):
    """A run that cannot be started: one line."""


class SensitivityError(ValueError):
    """A sensitivity analysis that cannot be made or read: one line."""


class StudyError(ValueError):
    """A study that is not known or cannot run: one line."""


class SweepError(ValueError):
    """A sweep that cannot be run, read or continued: one line."""


class SweepStopped(KeyboardInterrupt):
    """Somebody stopped a sweep; what is done is kept, and the message says how to go on."""


class SweepWarning(UserWarning):
    """Points that failed, or files that were damaged: the sweep went on without them."""


class TicketError(ValueError):
    """An export of tickets, or its map, that cannot be used: one line."""


class TierError(ValueError):
    """Tier curves that cannot be given: one line."""


class ValidationError(ValueError):
    """A validation that cannot be run or written: one line."""


MOST_FAULTS = 20  # of one file that are told


def of_faults(label: str, faults: list[str], unknown_key: bool = False) -> ScenarioError:
    """The faults of a file, a line each.

    unknown_key : whether the first fault is a key that no scenario has
    """
    lines = [f"{label}: {fault}" for fault in faults]
    return _of_lines(label, lines, UnknownKeyError if unknown_key else ScenarioError)


class Faults:
    """Faults of a file as they come up, to be told at once.

    lines : a line each, with the name of its file
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self.lines: list[str] = []
        self._kind: type[ScenarioError] = ScenarioError

    def add(self, *lines: str) -> None:
        """Add faults of this file, each without its name."""
        self.lines += [f"{self.label}: {line}" for line in lines]

    def take(self, error: ScenarioError) -> None:
        """Add the faults that an error tells."""
        self.lines += error.faults or filter(None, [str(error)])
        if isinstance(error, UnknownKeyError):
            self._kind = UnknownKeyError

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Add the faults of a ScenarioError that comes up within."""
        try:
            yield
        except ScenarioError as error:
            self.take(error)

    def tell(self) -> None:
        """Raise them as one ScenarioError; nothing where there are none."""
        if self.lines:
            raise _of_lines(self.label, self.lines, self._kind) from None


def _of_lines(label: str, lines: list[str], kind: type[ScenarioError]) -> ScenarioError:
    error = kind(_cut(label, lines))
    error.faults = tuple(lines)
    return error


def fault_lines(label: str, faults: list[str]) -> str:
    """The faults of a file as text, a line each, and how many there are beyond the first."""
    return _cut(label, [f"{label}: {fault}" for fault in faults])


def _cut(label: str, lines: list[str]) -> str:
    """Lines of faults as text, each once, and how many there are beyond the first."""
    lines = list(dict.fromkeys(lines))
    if len(lines) > MOST_FAULTS:
        left = len(lines) - MOST_FAULTS
        lines[MOST_FAULTS:] = [f"{label}: and {left} faults after these, told when they are mended"]
    return "\n".join(lines)


def one_of(words: Iterable[str]) -> str:
    """`; use one of none, all`: for a word that is near no known one."""
    return "; use one of " + ", ".join(words)


def near(word: Any, known: Iterable[str]) -> str:
    """`; did you mean 'review'?`, or where no known word is near, `; use one of none, all`."""
    known = tuple(known)
    return did_you_mean(str(word), known) or one_of(known)


def is_int_or_float(value: Any) -> TypeGuard[int | float]:
    """Whether a value is of a number's type, infinite and NaN too; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether a value is of a whole number's type; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def count(
    where: str,
    value: Any,
    error: Callable[[str], Exception],
    least: int | None = None,
    most: int | None = None,
) -> None:
    """Refuse what is no whole number within its limits.

    `draws = 1: must be a whole number from 2 to 9`; without most, `above 1` of a least of 2.

    where  what the line starts on: the name, or file and name
    error  makes the error of the line
    """
    if is_whole(value) and (least is None or value >= least) and (most is None or value <= most):
        return
    limits = "" if least is None else f" above {least - 1}"
    limits = limits if most is None else f" from {least} to {most}"
    raise error(f"{where} = {_as_code(value)}: must be a whole number{limits}")


def choice(where: str, value: Any, known: Iterable[str], error: Callable[[str], Exception]) -> None:
    """Refuse what is none of the known words.

    `engine = 'fast': must be 'compiled' or 'mesa'`; of more than two, `must be one of a, b, c`.
    """
    words = tuple(known)
    if value in words:
        return
    two = " or ".join(map(repr, words))
    which = two if len(words) <= 2 else f"one of {', '.join(words)}"
    raise error(f"{where} = {_as_code(value)}: must be {which}")


def _as_code(value: Any) -> str:
    """A value as Python writes it, short."""
    return shown(value) if _is_endless(value) else short(repr(value))


def shown(value: Any) -> str:
    """A value as an error line shows it: as in TOML, short, and on one line."""
    if isinstance(value, str):
        return f'"{short(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + short(", ".join(f"{k} = {shown(v)}" for k, v in value.items())) + " }"
    if isinstance(value, list):
        return "[" + short(", ".join(map(shown, value))) + "]"
    if _is_endless(value):
        return "a very large number"
    return short(str(value))


def _is_endless(value: Any) -> bool:
    """Whether a value is a number too long for a line; of thousands of digits none is printed."""
    return isinstance(value, int) and abs(value) >= 10**20


def short(text: str, most: int = 60) -> str:
    """A text in at most so many printable characters."""
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def shown_path(keys: Iterable[Any]) -> str:
    """`people[1].level` for ("people", 0, "level")."""
    path = ""
    for key in keys:
        path += f"[{key + 1}]" if isinstance(key, int) else f".{short(str(key))}"
    return path.removeprefix(".")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'review'?`, or nothing when no known word is near."""
    near = near_words(word, known)
    return f"; did you mean '{near[0]}'?" if near else ""


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """The known word that is nearest to another, alone in a list; empty where none is near."""
    return get_close_matches(word, sorted(known), n=1, cutoff=0.6)
