"""Every face of a record as stable text: JSON, words, cell, claims, tables, citation, figures."""

import inspect
import json
import math
import re
import struct
from base64 import b64decode
from contextlib import suppress
from contextvars import ContextVar
from datetime import date
from hashlib import sha256

import pandas as pd
from matplotlib.text import Text

import sim

DIGITS = 9
# Of what an optimiser gives: it stops a little elsewhere on another processor.
FITTED = {"Calibration": 6}
_digits = ContextVar("digits", default=DIGITS)
LONG = 90  # characters: a longer line is shown once
MOST_ROWS = 12  # of a table in JSON: the others are in a digest, as tables are shown too
NOTHING = 1e-12  # below it a number is the rounding of another
UNSTABLE = ("version", "git", "engine_sources", "python", "platform", "packages")
FACES = (
    "kind", "repr", "text", "json", "cell", "claims", "citation", "tables", "figures", "more",
)  # fmt: skip
OWN = (
    "id", "sentence", "value", "low", "high", "error", "interval", "unit", "shown", "shown_unit",
)  # fmt: skip
# What else of a record people read: attributes and methods that need no argument.
TABLES = {
    "Result": ("summary", "replications", "weekly", "parameters"),
    "Comparison": ("summary", "weekly"),
    "Sweep": ("summary", "best", "points", "frame", "weekly", "failures"),
    "Sensitivity": ("indices", "split", "second"),
    "Ranking": ("indices",),
    "Decision": ("table", "gains", "measure_first", "flips", "null", "screened"),
    "TierCurves": ("rates", "outcomes", "by_size"),
    "Calibration": ("moved", "observed", "own"),
}
MORE = {
    "Scenario": ("to_dict", "to_toml", "sha256", "headcount", "groups", "joining", "notes"),
    "Result": ("answer", "caveats", "units", "uncertain"),
    "Comparison": (
        "sentences", "break_even", "caveats", "changes", "flow", "weeks", "reference", "units",
    ),
    "Sweep": ("caveats", "factors", "failed_line", "unfinished"),
    "Sensitivity": ("sentences", "caveats", "names", "dropped", "blocks", "verdict"),
    "Ranking": ("sentences", "caveats", "method"),
    "Decision": ("sentences", "caveats", "choices", "labels", "unit", "best", "allowed", "budget"),
    "Study": ("name", "question", "title", "findings", "caveats"),
    "TierCurves": ("caveats",),
    "Assessment": ("counts", "text", "record"),
    "Calibration": ("report", "trusted"),
    "Check": ("text", "ok", "counts"),
}  # fmt: skip
KINDS = {
    "Result": ({"kind": "work"}, {"kind": "levels"}, {"kind": "hours"}),
    "Sensitivity": ({"kind": "shares"}, {"kind": "convergence"}),
    "TierCurves": ({"kind": "curves"}, {"kind": "outcomes"}),
}


def faces(record, folder):
    """All that a record shows, a section a face."""
    token = _digits.set(FITTED.get(_kind(record), DIGITS))
    try:
        found = {name: globals()[f"_{name}"](record) for name in FACES}
    finally:
        _digits.reset(token)
    text = "\n".join(f"==== {name} ====\n{body}\n" for name, body in found.items() if body)
    return stable(text, folder)


def summary(record):
    """The tables a record is saved for, with floats to DIGITS digits."""
    return "".join(f"{line}\n" for line in _once(_tables(record).splitlines()))


# ---- what is not stable ------------------------------------------------------------------------


def stable(text, folder):
    """Text without what differs between commits, machines, folders and days."""
    sha = sim.run("baseline", draws=2, luck=1, threads=1).provenance["evidence_sha256"]
    for length in (64, 12, 8):
        text = text.replace(sha[:length], "<evidence>")
    text = text.replace(str(folder), "<folder>").replace(date.today().isoformat(), "<today>")
    for pattern, put in (
        (r"([Tt]iercurve) \d+\.\d+\.\d+", r"\1 <version>"),
        (r"Python \d+\.\d+(\.\d+)?", "Python <version>"),
        (r"(version = )\{\d+\.\d+\.\d+\}", r"\1{<version>}"),
        (r"([Vv]ersion[: ]+)\d+\.\d+\.\d+", r"\1<version>"),
        (r"(\bcode |, commit )[0-9a-f]{7,}\+?", r"\1<code>"),
        (r"(\bcode )\d+\.\d+\.\d+", r"\1<code>"),
        (r", commit <code>", ""),
        (r"\d+ months (old on|before) <today>", r"<some> months \1 <today>"),
        (r"data:image/png;base64,([A-Za-z0-9+/=]+)", _picture),
        (r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+", "<drawing>"),
        (r"compiling, once on this machine.*\n", ""),
    ):
        text = re.sub(pattern, put, text)
    return "".join(f"{line}\n" for line in _once(line.rstrip() for line in text.splitlines()))


def _once(lines):
    """Lines, of which a long one that stood before is named only."""
    seen = set()
    for line in lines:
        digest = _digest(line)
        yield f"<again {digest}: {line[:40]} ...>" if digest in seen else line
        if len(line) > LONG:
            seen.add(digest)


def _digest(text):
    return sha256(text.encode()).hexdigest()[:12]


def _picture(match):
    """The size of a picture in tens of pixels, in place of its bytes."""
    width, height = struct.unpack(">II", b64decode(match[1][:64])[16:24])
    return f"<picture about {round(width, -1)} x {round(height, -1)}>"


def plain(value):
    """Plain data with floats to DIGITS digits, and without what is not stable."""
    if isinstance(value, dict):
        return {
            str(key): f"<{key}>" if key in UNSTABLE else plain(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return _rounded(value)
    return value


def _rounded(value):
    if not math.isfinite(value):
        return str(value)
    return 0.0 if abs(value) < NOTHING else float(f"{value:.{_digits.get()}g}")


def printed(text):
    """What a command printed: JSON in it as `dumps` writes it."""
    head, mark, rest = text.partition("---- output\n")
    out, said, err = rest.rpartition("---- said\n")
    with suppress(ValueError):
        out = f"{dumps(json.loads(out))}\n"
    return f"{head}{mark}{out}{said}{err}"


def dumps(data):
    """Plain data as lines of JSON: what holds nothing nested on one line."""
    text = json.dumps(_shortened(plain(data)), indent=1, ensure_ascii=False, default=repr)
    return re.sub(r"[\[{][^\[\]{}]{,600}[\]}]", lambda m: re.sub(r"\n\s*", " ", m[0]), text)


def _shortened(data):
    """Plain data with the later rows of long tables as a digest."""
    if isinstance(data, dict):
        return {key: _shortened(value) for key, value in data.items()}
    if not isinstance(data, list):
        return data
    if len(data) > MOST_ROWS and all(isinstance(row, dict) for row in data):
        rest = json.dumps(data[MOST_ROWS:], default=repr)
        return [*data[:MOST_ROWS], f"<{len(data) - MOST_ROWS} rows more: {_digest(rest)}>"]
    return [_shortened(value) for value in data]


def csv(table):
    """A table as CSV, its index too where that has a name."""
    shown = table.reset_index() if any(name is not None for name in table.index.names) else table
    shown = shown.map(lambda value: _rounded(value) if isinstance(value, float) else value)
    return shown.to_csv(index=False, float_format=f"%.{_digits.get()}g", lineterminator="\n")


# ---- faces -------------------------------------------------------------------------------------


def _kind(record):
    return type(record).__name__


def _repr(record):
    return repr(record)


def _text(record):
    return "" if str(record) == repr(record) else str(record)


def _json(record):
    return dumps(record.to_json()) if hasattr(record, "to_json") else ""


def _cell(record):
    if not hasattr(record, "_repr_html_"):
        return ""
    return re.sub(r"(</(?:tr|p|li|div|h\d|style|section)>|<tbody>)", r"\1\n", record._repr_html_())


def _claims(record):
    """Each claim with its printed forms; what many share stands once, by number, at the end."""
    try:
        found = record.claims if isinstance(record, sim.Deck) else sim.claims(record)
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    pools, lines = {}, []
    for claim in found.values() if isinstance(found, dict) else found:
        data = claim.to_json()
        own = {key: data.pop(key) for key in OWN}
        numbers = "  ".join(f"{key} {plain(own[key])}" for key in ("value", "low", "high", "error"))
        lines += [
            f"{own['id']}  of {_pooled(pools, data)}",
            f"  {own['sentence']}",
            f"  {numbers}  [{own['unit']}]",
            f"  {' | '.join(own['shown'])}  [{own['shown_unit']}]  {own['interval']}",
        ]
    shared = (
        f"{name} {place}: {text}" for name, pool in pools.items() for place, text in enumerate(pool)
    )
    return "\n".join([*lines, *shared])


def _pooled(pools, data):
    """The places in `pools` of what a claim shares with others."""
    places = []
    for name, value in data.items():
        pool, text = pools.setdefault(name, []), dumps({name: value})
        if text not in pool:
            pool.append(text)
        places.append(pool.index(text))
    return " ".join(map(str, places))


def _citation(record):
    return record.cite() if hasattr(record, "cite") else ""


def _tables(record):
    if isinstance(record, pd.DataFrame):
        return csv(record)
    if isinstance(record, sim.Study):
        return "\n".join(f"-- {name}\n{csv(table)}" for name, table in record.tables.items())
    found = {name: _value(record, name) for name in TABLES.get(_kind(record), ())}
    return "\n".join(f"-- {name}\n{_shown(value)}" for name, value in found.items())


def _more(record):
    names = MORE.get(_kind(record), ())
    return "\n".join(f"-- {name}\n{_shown(_value(record, name))}" for name in names)


def _value(record, name):
    try:
        value = getattr(record, name)
        return value() if inspect.ismethod(value) else value
    except ValueError as error:  # such as no break-even of one plan
        return f"{type(error).__name__}: {error}"


def _shown(value):
    if isinstance(value, pd.DataFrame):
        return csv(value)
    if isinstance(value, str):
        return value
    if hasattr(value, "to_json"):
        value = value.to_json()
    return dumps(value)


def _figures(record):
    """The words of each figure of a record, in the order they were put there."""
    if not hasattr(record, "plots") or not record.plots:
        return ""
    found = []
    for choice in KINDS.get(_kind(record), ({},)):
        figure = record.plot(**choice)
        words = (" ".join(text.get_text().split()) for text in figure.findobj(Text))
        lines = "\n".join(word for word in words if word)
        found.append(f"-- {' '.join(choice.values()) or 'figure'}\n{lines}")
    return "\n".join(found)
