"""No tests: mistakes to make in files of every kind, for `test_fuzz_*.py`.

In CI the same few mistakes are made each time; to make that many new ones for each reader:
`FUZZ=2000 uv run pytest -n 0 tests/whole/test_fuzz_*.py`.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.errors import MOST_FAULTS, BacktestError, DeckError, ScenarioError

SEVERAL = (ScenarioError, DeckError, BacktestError)  # tell all faults of a file, a line each

RANDOM = int(os.environ.get("FUZZ", 0))


def some(count):
    """So many examples, always the same; or as many new ones as the environment says."""
    return settings(
        max_examples=RANDOM or count,
        derandomize=not RANDOM,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


# Bytes that readers of text trip over: encodings, numbers out of range, quotes, nesting.
TROUBLE = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe9", b"\r", b"\n",
    b"nan", b"-inf", b"1e999", b"-0.0", b"9" * 400, b"9" * 5000, b"0x" + b"f" * 5000, b"1_000",
    b'"', b"'", b'"""', b",", b";", b"\t", b"=", b"#", b"[", b"]", b"[[", b"{", b"}", b"." * 50,
    b"[" * 2000, b"{" * 2000, b"a." * 3000, b"null", b"true", b"1979-05-27", b"\\u0000", b"\\x",
    "１２".encode(), "\u202e".encode(), b"PK\x03\x04", b"\x80\x04\x95",
)  # fmt: skip


@st.composite
def spoilt(draw, sound):
    """The bytes of a sound file after some mistakes: pieces cut, doubled, replaced, put in."""
    data = sound
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.sampled_from((0, 0, 1, 4, 30, 10_000))))
        new = draw(st.sampled_from(TROUBLE) | st.binary(max_size=8) | st.just(data[begin:end] * 2))
        data = data[:begin] + new + data[end:]
    return data


# What no field of any file expects.
NASTY = st.sampled_from(
    (None, True, -1, 0, 10**30, 10**400, 1 << 63, 1e300, float("nan"), float("-inf"), "", "\x00",
     "9" * 30, "../../etc/passwd", [], {}, [[]], [None], {"": None}, [1] * 50, {"a": {"a": {}}})
) | st.text(max_size=4) | st.integers() | st.floats()  # fmt: skip


def spots(data, at=()):
    """Paths to every value in nested lists and dicts."""
    yield at
    if isinstance(data, (dict, list)):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from spots(value, (*at, key))


@st.composite
def distorted(draw, sound):
    """Nested plain data with some of its values replaced, taken out or added."""
    data = sound
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.sampled_from(list(spots(data))))
        data = put(data, where, draw(st.sampled_from(("set", "set", "drop", "add"))), draw(NASTY))
    return data


def put(data, where, how, value):
    """A copy of nested data, changed in one spot."""
    if not where:
        return value
    copied = dict(data) if isinstance(data, dict) else list(data)
    key, *rest = where
    if rest:
        copied[key] = put(copied[key], rest, how, value)
    elif how == "drop":
        del copied[key]
    elif how == "add" and isinstance(copied, dict):
        copied[str(value)[:20]] = value
    else:
        copied[key] = value
    return copied


def is_one_clear_line(error):
    """Whether an error says something, on one line; of a scenario, say, on a line a fault."""
    text = str(error)
    assert text.strip()
    lines = text.splitlines()
    most = MOST_FAULTS + 1 if isinstance(error, SEVERAL) else 1
    assert len(lines) <= most
    assert all(0 < len(line) < 1500 for line in lines)
