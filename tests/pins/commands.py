"""The commands that are pinned: name -> words. Files they read are in the folder they run in."""

TEAM, BACKLOG, OTHER, DECK, POINTS = "team.toml", "backlog.toml", "other.toml", "deck.toml", "x.csv"
FEW = ("--draws", "4", "--luck", "2", "--threads", "1")
FIFTY = ("--draws", "50", "--luck", "2", "--threads", "1")
NAMES = (
    "run", "compare", "trace", "sweep", "replay", "sensitivity", "decide", "study", "deck",
    "assess", "curves", "calibrate", "check", "validate", "list", "schema",
)  # fmt: skip

COMMANDS = {
    "help": ("--help",),
    **{f"{name}-help": (name, "--help") for name in NAMES},
    "run": ("run", TEAM, *FEW),
    "run-all": ("run", TEAM, *FEW, "--all"),
    "run-json": ("run", TEAM, *FEW, "--json"),
    "run-backlog": ("run", BACKLOG, *FEW),
    "compare": ("compare", TEAM, OTHER, *FEW),
    "compare-all": ("compare", TEAM, OTHER, *FEW, "--all"),
    "compare-json": ("compare", BACKLOG, BACKLOG, *FEW, "--json"),
    "trace": ("trace", TEAM, "--rows", "25"),
    "sweep": ("sweep", TEAM, "--vary", "team.novice=0,2", *FEW, "--out", "sweep"),
    "sweep-json": ("sweep", TEAM, "--vary", "team.novice=0,2", *FEW, "--out", "s", "--json"),
    "sensitivity": (
        "sensitivity", TEAM, "--factors", "dev_share,review_rate", "--samples", "32", "--luck", "2",
        "--threads", "1",
    ),
    "sensitivity-morris": (
        "sensitivity", TEAM, "--factors", "dev_share,review_rate", "--samples", "2", "--luck", "2",
        "--method", "morris", "--threads", "1",
    ),
    "decide": ("decide", TEAM, OTHER, *FIFTY),
    "decide-people": ("decide", TEAM, "--people", "2", *FIFTY),
    "study-list": ("study",),
    "study": ("study", "average-share", *FIFTY),
    "deck-list": ("deck",),
    "deck": ("deck", DECK, "--out", "deck.md", "--threads", "1"),
    "curves": ("curves", TEAM, "--draws", "6"),
    "assess": ("assess", TEAM),
    "assess-work": ("assess", TEAM, "--work", "work.csv"),
    "calibrate": ("calibrate", "tickets.csv", "--scenario", TEAM),
    "calibrate-check": ("calibrate", "--check"),
    "list": ("list",),
    "list-json": ("list", "--json"),
    "schema": ("schema",),
}  # fmt: skip

# What is refused, in one line and with exit code 2.
REFUSED = (
    ("run", "platform-tema"),
    ("run", "wrong.toml"),
    ("run", "broken.toml"),
    ("run", "no-such.toml"),
    ("run", TEAM, "--draws", "1"),
    ("run", TEAM, "--luck", "0"),
    ("run", TEAM, "--precision", "2"),
    ("run", TEAM, "--engine", "simpy"),
    ("run", TEAM, "--out", TEAM),
    ("run", TEAM, "--plot", "figure.gif"),
    ("run", TEAM, "--plot", "nowhere/figure.png"),
    ("compare", TEAM),
    ("compare", TEAM, "nobody"),
    ("compare", TEAM, OTHER, "--weeks", "0"),
    ("trace", TEAM, "--draw", "-1"),
    ("sweep", TEAM, "--out", "refused"),
    ("sweep", TEAM, "--vary", "team.novices=1,2", "--out", "refused"),
    ("sweep", TEAM, "--vary", "team.novice", "--out", "refused"),
    ("sweep", TEAM, "--vary", "team.novice=a", "--out", "refused"),
    ("sweep", TEAM, "--vary", "team.novice=1,2", "--metric", "work", "--out", "refused"),
    ("sweep", TEAM, "--points", "no-such.csv", "--out", "refused"),
    ("replay", "no-such-folder", "0"),
    ("sensitivity", TEAM, "--factors", "dev_shares"),
    ("sensitivity", TEAM, "--samples", "31"),
    ("sensitivity", TEAM, "--metrics", "work"),
    ("sensitivity", TEAM, "--method", "morris", "--out", TEAM),
    ("decide", TEAM, "--draws", "2"),
    ("decide", TEAM, OTHER, "--mixes"),
    ("decide", TEAM, OTHER, "--metric", "work"),
    ("decide", TEAM, OTHER, "--budget", "-1"),
    ("study", "compositions"),
    ("study", "composition", "--draws", "2"),
    ("deck", "no-such"),
    ("deck", "wrong.toml"),
    ("deck", DECK, "--out", "deck.doc"),
    ("curves", TEAM, "--draws", "0"),
    ("assess", TEAM, "--work", "no-such.csv"),
    ("assess", TEAM, "--work", TEAM),
    ("calibrate",),
    ("calibrate", "work.csv"),
    ("calibrate", "no-such.csv"),
    ("calibrate", "tickets.csv", "--check"),
    ("calibrate", "tickets.csv", "--study", "study.toml"),
    ("check", TEAM),
    ("check", "no-such.png"),
    ("check", "empty.png"),
    ("validate", "--patterns", "no-such"),
    ("nonsense",),
)


def files(folder, texts):
    """Write the files that commands read."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
