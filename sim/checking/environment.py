"""What a run rested on then and now: versions, evidence, curves, engine, platform."""

import platform
from importlib import metadata

from sim.engine import source_hash
from sim.errors import short
from sim.records import provenance

COMMIT = {"git": "commit"}
WORDS = {
    "version": "Tiercurve", "engine_sources": "engine sources",
    "evidence_sha256": "evidence and register", "python": "Python", "platform": "platform",
}  # fmt: skip
SHOWN = 12  # letters of a hash


def differences(record, made):
    """Lines that say what is not as it was when a RunRecord was made.

    made : dict, id -> Claim, its claims made again
    """
    then = next(iter(record.provenance.values()))
    return [*_stated(then, COMMIT), *_moved(then), *_curves(record, made)]


def moved(record):
    """Whether anything is not as it was that may change which worlds are simulated."""
    return any(_moved(next(iter(record.provenance.values()))))


def reworded(record):
    """Whether another commit may have worded its sentences otherwise."""
    then = next(iter(record.provenance.values()))
    return any(_stated(then, COMMIT | {"version": WORDS["version"]}))


def _moved(then):
    yield from _stated(then, WORDS)
    packages = then.get("packages")
    for name in provenance.PACKAGES:
        was = packages.get(name) if isinstance(packages, dict) else None
        if was != metadata.version(name):
            yield _line(name, was, metadata.version(name))


def _stated(then, words):
    now = {
        "version": provenance.version(),
        "engine_sources": source_hash(),
        "evidence_sha256": provenance.evidence_sha256(),
        "git": provenance.git(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for key, word in words.items():
        if then.get(key) != now[key]:
            yield _line(word, then.get(key), now[key])


def _curves(record, made):
    for was in record.claims:
        now = made.get(was.id)
        both = zip(was.scenarios, was.curves, now.curves if now else (), strict=False)
        for label, then, today in both:
            if then.rpartition(" ")[2] != today.rpartition(" ")[2]:  # the hash
                yield _line(f"curve set of {label}", then, today)


def _line(what, then, now):
    return f"{what}: {_shown(then)} then, {_shown(now)} now"


def _shown(value):
    if value is None:
        return "not known"
    text = str(value)
    return text[:SHOWN] if len(text) == 64 else short(text, 60)
