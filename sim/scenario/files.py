"""Finding scenarios, tool profiles and curve sets by name or path; reading and writing TOML."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import ScenarioError, did_you_mean, near, short
from sim.files import MOST_TOML, content, is_there, reason, toml_of

RECORD = "team.json"  # of the folder of a learned record
ELSEWHERE = {"decks", "start", "studies", "tools"}  # folders of plans with a command of their own
PROJECT = "pyproject.toml"  # of a folder of Python, which is no plan


def available() -> list[tuple[str, str, str]]:
    """(name, question, where) of every scenario that `load` finds by name, local ones first."""
    found: dict[str, tuple[str, str, str]] = {}
    for folder in _folders("scenario"):
        for path in _toml_files(folder):
            try:
                question = read(path).get("question")
                is_scenario = isinstance(question, str)
            except ScenarioError as error:
                question, is_scenario = f"(unreadable: {error})", False
            if folder == Path.cwd() and (not is_scenario or is_deck(path)):
                continue  # a deck, or some other tool's TOML
            where = "package" if folder == _package() else _label(path)
            found.setdefault(path.stem, (path.stem, str(question), where))
    return list(found.values())


def grouped() -> list[tuple[str, str, str]]:
    """(name, question, where) of plans in folders of the package, such as "done-by-march/today".

    Not of those that another command lists: decks, studies and tools.
    """
    folders = sorted(path for path in _package().iterdir() if path.name not in ELSEWHERE)
    return [
        (f"{folder.name}/{path.stem}", str(read(path)["question"]), "package")
        for folder in folders
        for path in _toml_files(folder)
    ]


def is_deck(path: Path) -> bool:
    """Whether a TOML file plans a deck: it lists plans, which no scenario does."""
    try:
        return isinstance(read(path).get("plans"), list)
    except ScenarioError:
        return False


def curves_path(name: str, folder: Path | None = None) -> Path:
    """The file of a curve set: `calibration/curves/NAME.json` of the package, or a local path.

    `my-team` also finds my-team.json, and the folder my-team of a learned record, beside the
    scenario and in the working folder.
    """
    packaged = packaged_curves()
    candidates = [path for path in packaged if path.stem == name]
    bases = [base for base in (folder, Path.cwd()) if base is not None]
    candidates += [
        base / file for file in (name, f"{name}.json", f"{name}/{RECORD}") for base in bases
    ]
    for path in candidates:
        if is_there(path):
            return path
    known = {path.stem for path in packaged} | {"study", "headline"}
    hint = did_you_mean(name, known) or "; expected a name in calibration/curves or a path"
    raise ScenarioError(f"no curve set '{short(name)}'{hint}")


def packaged_curves() -> list[Path]:
    """The files of the curve sets that come with the package."""
    return sorted((Path(str(files("calibration"))) / "curves").glob("*.json"))


def packaged_tools() -> dict[str, str]:
    """The tool profiles that come with the package: name -> description."""
    files_ = _toml_files(_package() / "tools")
    return {path.stem: str(read(path)["description"]) for path in files_}


def _package() -> Path:
    return Path(str(files("scenarios")))


def _folders(what: str) -> list[Path]:
    """Where a name of a scenario or of a tool is looked up, in order."""
    here = Path.cwd()
    if what == "tool":
        return [here / "scenarios" / "tools", here / "tools", _package() / "tools"]
    return [here, here / "scenarios", _package()]


_IN_FOLDER = re.compile(r"[\w-]+/[\w-]+")  # a plan of a folder of the package


def _is_name(text: str) -> bool:
    return re.fullmatch(r"\w[\w .+-]*", text) is not None and not text.endswith(".toml")


def _toml_files(folder: Path) -> list[Path]:
    try:
        return sorted(
            path for path in folder.glob("*.toml") if is_there(path) and path.name != PROJECT
        )
    except OSError:
        return []


class Found(NamedTuple):
    """A file, and what a reader should be told of how it was found."""

    path: Path
    notes: tuple[str, ...]


def find(
    name_or_path: str | Path, folder: Path | None, what: str, asking: Path | None = None
) -> Found:
    """The file of a scenario or tool.

    A name such as "done-by-march/today" is that of a plan in a folder of the package.

    folder : where the asking file lies; names are looked up there too, and paths start there
    asking : the file that asks, which is passed over, so that a local `baseline` can extend the
        packaged one it hides
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or not _is_name(text):
        for base in (folder, Path.cwd()):
            if base is not None and is_there(base / text):
                return Found(base / text, ())
        packaged = _package() / f"{text}.toml"
        if what == "scenario" and _IN_FOLDER.fullmatch(text) and is_there(packaged):
            return Found(packaged, ())
        raise ScenarioError(f"{short(text)}: no such {what} file")
    folders = _folders(what)
    if folder is not None and what == "scenario" and folder not in folders:
        folders.insert(0, folder)
    hits = [path for path in (base / f"{text}.toml" for base in folders) if is_there(path)]
    hits = [path for path in hits if asking is None or not same_file(path, asking)]
    if not hits:
        known = {path.stem for base in folders for path in _toml_files(base) if not is_deck(path)}
        raise ScenarioError(f"no {what} named '{short(text)}'{near(text, sorted(known))}")
    hidden = hits[-1].parent == folders[-1] and not same_file(hits[0], hits[-1])
    note = f"{text}: read from {_label(hits[0])}, which hides the packaged {what} of that name"
    return Found(hits[0], (note,) if hidden else ())


def same_file(one: Path, other: Path) -> bool:
    """Whether both paths lead to one file."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _label(path: Path) -> str:
    """A path as a person in the working folder would write it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def is_packaged(folder: Path) -> bool:
    """Whether a folder of plans came with the package."""
    return folder.is_relative_to(_package())


def called(name: str, folder: Path) -> str:
    """What `find` takes from the working folder for the plan NAME.toml of a folder.

    The name alone where no such file is there, as of a plan that was saved with its results.
    """
    path = folder / f"{name}.toml"
    if not is_there(path):
        return name
    try:
        if same_file(find(name, None, "scenario").path, path):
            return name
    except ScenarioError:
        pass
    if path.is_relative_to(_package()):
        return str(path.relative_to(_package()).with_suffix(""))
    return _label(path)


def read(path: Path) -> dict[str, Any]:
    """A TOML file as a dict; every failure is one line that starts with its name."""
    try:
        data = content(path, MOST_TOML)
    except OSError as error:
        raise ScenarioError(f"{path.name}: cannot be read: {reason(error)}") from None
    except ValueError as error:
        larger = f"{error}; not a scenario" if "\0" not in str(path) else "not a usable path"
        raise ScenarioError(f"{path.name}: {larger}") from None
    try:
        return toml_of(data)
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path.name}: not UTF-8 text (byte {error.start})") from None
    except ValueError as error:  # also what Python says of an integer of 5,000 digits
        mend = _mend(data, str(error))
        raise ScenarioError(
            f"{path.name}: not valid TOML: {short(str(error), 160)}{mend}"
        ) from None


def _mend(data: bytes, fault: str) -> str:
    """What would do where a value is text without quotes, or a number with commas; or nothing."""
    place = re.search(r"\(at line (\d+), column \d+\)", fault)
    lines = data.decode("utf-8-sig").splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return ""
    key, equals, value = lines[int(place[1]) - 1].partition("=")
    key, value = short(key.strip(), 40), value.partition("#")[0].strip()
    if not equals or not value or value[0] in "\"'[{":
        return ""
    if re.fullmatch(r"\d{1,3}([,. ']\d{3})+", value, re.ASCII):
        return f"; write {key} = {re.sub('[^0-9]', '_', value)}"
    if percent := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", value, re.ASCII):
        share = float(percent[1]) / 100
        return f"; write {key} = {share + key.endswith('overhead'):g}"
    if re.fullmatch(r"\d{4}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}", value, re.ASCII):
        return f'; put a day or a month in quotes: {key} = "{value}"'
    if re.match(r"[\d+-]", value) and not re.search(r"[^\W\d]", value):
        return f"; a number has no commas or spaces: {key} = 48_000"
    return f'; put text in quotes: {key} = "{short(value, 40)}"'


def toml_lines(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[str]:
    """A table as TOML: its own values first, then the tables below it."""
    below = {}
    for key, value in table.items():
        rows = isinstance(value, list) and not above
        if rows or key == "adjacent" or (isinstance(value, dict) and not above):
            below[key] = value
        else:
            yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in below.items():
        header = ".".join(map(_toml_key, (*above, key)))
        if isinstance(value, list):
            for row in value:
                yield f"\n[[{header}]]"
                yield from toml_lines(row, (*above, key))
        else:
            yield f"\n[{header}]"
            yield from toml_lines(value, (*above, key))


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items()) + " }"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, str):  # JSON escapes are TOML escapes, except that TOML escapes DEL too
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
