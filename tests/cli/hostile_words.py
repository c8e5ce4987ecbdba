"""No tests: words that no command line expects, made for every option and argument there is."""

import os
from typing import get_type_hints

import typer

from sim.cli import main

BIG = "9" * 400
LONG = "x" * 300  # longer than a file's name may be
ANY = (
    "",
    " ",
    "\x00",
    "\x1b[2J",
    "\udcff",
    "x\x0by",
    "\u202e",
    "-",
    "--",
    "=",
    "%",
    "{}",
    "a" * 70_000,
)
NUMBERS = (
    *ANY, BIG, f"-{BIG}", f"1e{BIG}", "nan", "-nan", "inf", "-inf", "1e999", "0", "-1", "-0", "1.5",
    "0x10", "1_0", "１２", "٣", "½", "0,3", "30%", str(1 << 63), str(-(1 << 64)), "true", "1e-400",
)  # fmt: skip
TEXTS = (
    *ANY, BIG, LONG, "nan", "no-such", "..", "../..", "~", "/", "//", ".", "a=b=c", "=1", "x=",
    "team.novice=", f"team.novice={BIG}", "team.novice=1e999", "x=nan", "team.novice=0,,1",
    f"team.novice=-{BIG}", "team.novice=１２", "horizon=1", "=", "a.b.c.d=1", f"{LONG}=1", "a..b=1",
    "team.novice=1e400", "world.x=1", "policy.review=none", "2%", "0%", "-2%", "1e400%", "nan%",
    "development=nan", f"development={BIG}", "hours=-1", "cycle", "2027-13-45", "9999-12-31",
    "0000-01-01", f"{BIG}-01-01", "1,2,3", "0,0,0", f"0,0,{BIG}", "-1", "tcp://", "tcp://127.0.0.1:1",
    "s3://", "file://", "://", "http://[::1", "work_delivered@-1", f"work_delivered@{BIG}", ",",
)  # fmt: skip


def paths(folder):
    """Paths that are no file to read, or no place to write one: made in a folder."""
    (folder / "folder").mkdir(exist_ok=True)
    for suffix in ("", ".toml", ".csv", ".json", ".md", ".pptx", ".png", ".xlsx"):
        (folder / f"empty{suffix}").touch()
        (folder / f"noise{suffix}").write_bytes(bytes(range(256)) * 20)
        (folder / f"folder{suffix}").mkdir(exist_ok=True)
        for name, make in (("fifo", os.mkfifo), ("loop", lambda p: os.symlink(p, p))):
            if not os.path.lexists(folder / f"{name}{suffix}"):
                make(folder / f"{name}{suffix}")
    endings = (
        "",
        ".toml",
        ".csv",
        ".json",
        ".md",
        ".pptx",
        ".png",
        ".xlsx",
        ".xml",
        ".PNG",
        ".potx",
    )
    for name in (
        "missing/x",
        "empty",
        "noise",
        "folder",
        "fifo",
        "loop",
        "empty.md/x",
        LONG,
        "a\x00b",
    ):
        yield from (str(folder / f"{name}{ending}") for ending in endings)
    yield from (
        "/dev/null",
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/mem",
        "/",
        "",
        ".",
        "..",
        "~",
        "\udcff.csv",
    )


def parameters():
    """Every parameter that takes a word: (command, its option or None, name, its type as text)."""
    group = typer.main.get_command(main.app)
    for function in main.COMMANDS:
        command = function.__name__.rstrip("_")
        hints = get_type_hints(function)
        for parameter in group.commands[command].params:
            if parameter.name != "help" and not getattr(parameter, "is_flag", False):
                option = next((o for o in parameter.opts if o.startswith("--")), None)
                yield command, option, parameter.name, str(hints[parameter.name])


def named():
    """Names of all commands."""
    return [function.__name__.rstrip("_") for function in main.COMMANDS]


def hostile(kind, named, folder):
    """Words for a parameter of a type; `named` where its text may be a path too."""
    if "int" in kind or "float" in kind:
        return NUMBERS
    return (*paths(folder), *TEXTS) if "Path" in kind or named else TEXTS


def lines(bases, folder):
    """Command lines that are sound but for one word: (command, parameter, words).

    bases : dict, name of a command -> words of a sound line after it, its first argument first
    """
    for command, option, name, kind in parameters():
        if command not in bases:
            continue
        words = bases[command]
        for word in dict.fromkeys(hostile(kind, option is None, folder)):
            if option is None:
                yield command, name, [command, word, *words[1:]]
            else:
                yield command, name, [command, *words, f"{option}={word}"]
