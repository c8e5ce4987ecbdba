"""Claims: each number that may be quoted, as a record that can be traced, made again and held
against what a slide says.

A claim knows how it is printed (`Claim.forms`), so that whoever shows it and whoever checks it
mean the same text. A record makes its own claims: `record.claims()`.
"""

import math
import sys
from dataclasses import dataclass, fields
from urllib.parse import quote

from sim.errors import ClaimError, is_int_or_float

INTERVAL = "95% interval"
EXPECTED = "95% interval of the expectation"
WORLD = "8 of 10 single worlds"
ODDS = "95% interval of the probability"
NUMERICAL = "95% numerical interval"
FORMS = ("value", "low", "high", "span", "short", "full", "sentence")


@dataclass(frozen=True)
class Claim:
    """One number that may be quoted, its interval and all that is needed to trace it.

    id         stable name: metric, what of it and whose, "work_delivered/difference/trained";
               holds no space (see `name`)
    sentence   the number said in words, with its interval; ends with a dot
    value, low, high   in `unit`; infinite where it means never; low and high NaN with no interval
    interval   what the interval means, "95% interval of the expectation"; empty with none
    unit       of value, low and high; "share" for shares and probabilities
    shown      value, low and high as they are printed
    shown_unit unit as it is printed after the number; empty where the number carries it ("33%")
    error      numerical standard error of value, in `unit`; NaN where not known
    draws, luck, seed   the design of the worlds
    scenarios  dict, label of each plan it is of -> sha256; the reference first
    evidence_sha256   of the ledger and the register
    curves     curve set of each plan in `scenarios`, in their order
    version    of Tiercurve
    carried_by rows of `carriers.ranked`: the parameters that carry most of it
    carried_how   where that comes from, in words
    caveats    sentences that belong to every use of it
    citation   how to cite it
    """

    id: str
    sentence: str
    value: float
    low: float
    high: float
    interval: str
    unit: str
    shown: tuple[str, str, str]
    shown_unit: str
    error: float
    draws: int
    luck: int
    seed: int
    scenarios: dict
    evidence_sha256: str
    curves: tuple[str, ...]
    version: str
    carried_by: tuple[dict, ...]
    carried_how: str
    caveats: tuple[str, ...]
    citation: str

    @property
    def forms(self):
        """The ways it may be printed: name of the form -> text; see FORMS.

        value "2,492"; low, high; span "815 to 5,060"; short "2,492 (815 to 5,060)"; full
        "2,492 expert-h (95% interval of the expectation 815 to 5,060)"; sentence.
        """
        value, low, high = self.shown
        number = f"{value} {self.shown_unit}".rstrip()
        if not self.interval:
            return {"value": value, "short": value, "full": number, "sentence": self.sentence}
        span = f"{low} to {high}"
        return {
            "value": value, "low": low, "high": high, "span": span,
            "short": f"{value} ({span})",
            "full": f"{number} ({self.interval} {span})",
            "sentence": self.sentence,
        }  # fmt: skip

    def form(self, name):
        """One of `forms`; raises ClaimError where there is none of that name."""
        if name not in self.forms:
            raise ClaimError(f"{self.id}: no form {name!r}; use one of {', '.join(self.forms)}")
        return self.forms[name]

    def card(self, caveats=True):
        """The claim as lines of text, for speaker notes and appendices.

        caveats : whether they are among its lines; not where they stand elsewhere in a document
        """
        of = ", ".join(f"{label} (sha256 {sha[:12]})" for label, sha in self.scenarios.items())
        curves = ", ".join(dict.fromkeys(self.curves))
        return "\n".join(
            [
                self.sentence,
                f"Claim {self.id}: {self.forms['full']}",
                f"Of: {of}",
                f"Design: {self.draws} draws x {self.luck} luck, seed {self.seed}",
                f"Rests on: curves {curves}; evidence {self.evidence_sha256[:12]}; Tiercurve "
                f"{self.version}",
                f"Carried by: {self._carriers()}",
                *(f"Caveat: {caveat}" for caveat in self.caveats if caveats),
            ]
        )

    def _carriers(self):
        if not self.carried_by:
            return f"no parameter is named ({self.carried_how})"
        rows = "; ".join(
            f"{row['parameter']} {row['share']:.0%} ({row['rests_on']})" for row in self.carried_by
        )
        return f"{rows} ({self.carried_how})"

    def to_json(self):
        """Plain data; numbers that are not finite as text."""
        return {key: _plain(value) for key, value in vars(self).items()}

    @classmethod
    def from_json(cls, data):
        """A claim from what `to_json` gave; raises ClaimError, one line, on anything else."""
        if not isinstance(data, dict) or set(data) != set(_TYPES):
            raise ClaimError("not a claim: fields are missing or unknown")
        return cls(**{name: _read(name, data[name]) for name in _TYPES})


_TYPES = {field.name: field.type for field in fields(Claim)}
_NUMBERS = ("value", "low", "high", "error")
LARGEST = sys.float_info.max
_SHARED = (
    "draws", "luck", "seed", "scenarios", "evidence_sha256", "curves", "version", "carried_by",
    "carried_how", "caveats", "citation",
)  # fmt: skip
_LISTS = ("shown", "curves", "carried_by", "caveats")
_CARRIER = {"parameter": str, "share": float, "rests_on": str}


def name(*parts):
    """The id of a claim: its parts with "/" between, each without spaces or slashes."""
    return "/".join(quote(part, safe="") for part in parts)


def made(id_, sentence, numbers, interval, unit, shown, shown_unit, shared, error=math.nan):
    """A Claim of numbers (value, low, high), with what `shared` gives."""
    value, low, high = map(float, numbers)
    return Claim(
        id_, sentence, value, low, high, interval, unit, tuple(shown), shown_unit, float(error),
        **shared,
    )  # fmt: skip


def shared(provenance, caveats, citation, carried_by=(), carried_how="not ranked"):
    """What claims of one record share, for `made`: label of each plan -> provenance."""
    first = next(iter(provenance.values()))
    return {
        "draws": first["draws"],
        "luck": first["luck"],
        "seed": first["seed"],
        "scenarios": {label: p["scenario_sha256"] for label, p in provenance.items()},
        "evidence_sha256": first["evidence_sha256"],
        "curves": tuple(p["curves"] for p in provenance.values()),
        "version": first["version"],
        "carried_by": tuple(carried_by),
        "carried_how": carried_how,
        "caveats": tuple(caveats),
        "citation": citation,
    }


def pack(claims):
    """Claims as one JSON object: what many of them share stands once, in `pools`."""
    rows = [claim.to_json() for claim in claims]
    pools: dict[str, list] = {field: [] for field in _SHARED}
    for row in rows:
        for field, pool in pools.items():
            if row[field] not in pool:
                pool.append(row[field])
            row[field] = pool.index(row[field])
    return {"pools": pools, "claims": rows}


def unpack(data):
    """Claims from what `pack` gave; raises ClaimError, one line."""
    try:
        pools, rows = data["pools"], data["claims"]
        common = [{f: pools[f][row[f]] for f in _SHARED if row[f] >= 0} for row in rows]
        claims = tuple(Claim.from_json(row | more) for row, more in zip(rows, common, strict=True))
    except (KeyError, IndexError, TypeError):
        raise ClaimError("not a set of claims") from None
    if len({claim.id for claim in claims}) < len(claims):
        raise ClaimError("not a set of claims: an id stands twice")
    return claims


def _plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _read(name_, value):
    """A field of a claim from JSON, of the type it must have."""
    if name_ in _NUMBERS:
        if value in ("inf", "-inf", "nan"):
            return float(value)
        good = isinstance(value, float) or (is_int_or_float(value) and abs(value) <= LARGEST)
        value = float(value) if good else value
    elif name_ in _LISTS:
        kind = dict if name_ == "carried_by" else str
        good = isinstance(value, list) and all(isinstance(item, kind) for item in value)
        good = good and (name_ != "shown" or len(value) == 3)
        good = good and (name_ != "carried_by" or all(map(_is_carrier, value)))
        value = tuple(value) if good else value
    elif name_ == "scenarios":
        good = isinstance(value, dict) and all(isinstance(sha, str) for sha in value.values())
    else:
        good = type(value) is _TYPES[name_]
    if not good:
        raise ClaimError(f"not a claim: {name_} is not of its kind")
    return value


def _is_carrier(row):
    return set(row) == set(_CARRIER) and all(
        isinstance(row[key], kind) for key, kind in _CARRIER.items()
    )
