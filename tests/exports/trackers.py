"""No tests: exports of six trackers as they write them, made up by a model that knows the truth.

Everything is invented here; the people do not exist.
"""

import csv
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

NAMES = ("Mika Sand", "Noor Vale", "Ivo Brook", "Tess Hill", "Lena Fjord", "Omar Reed")
LABELS = ("backend", "ui", "security", "docs", "performance")
DONE, GIVEN_UP, NO_ATTEMPT, OPEN, REOPENED = range(5)
SHARES = (0.6, 0.12, 0.08, 0.14, 0.06)
FIRST = datetime(2026, 1, 5, 9, 0)


@dataclass
class Ticket:
    """A piece of work as it truly was."""

    number: int
    outcome: int
    person: int  # -1 nobody
    hours: float
    labels: list
    tool: str
    created: datetime
    closed: datetime | None
    way: int  # which of several words a tracker has for the same outcome


def tickets(count, tools, seed=1):
    luck = np.random.default_rng(seed)
    made = []
    for i in range(count):
        created = FIRST + timedelta(hours=int(luck.integers(0, 24 * 150)))
        outcome = int(luck.choice(5, p=SHARES))
        spent = timedelta(hours=int(luck.integers(3, 400)))
        made.append(
            Ticket(
                number=i + 1,
                outcome=outcome,
                person=int(luck.integers(-1, len(NAMES))),
                hours=float(luck.integers(1, 40)) / 4,
                labels=list(luck.choice(LABELS, size=int(luck.integers(0, 3)), replace=False)),
                tool=str(luck.choice(["", "", *tools])),
                created=created,
                closed=created + spent if outcome < OPEN else None,
                way=int(luck.integers(0, 100)),
            )
        )
    return made


def truth(made, hours=True, people=None):
    """What `to_json` must say of the tickets that count."""
    days = [t.closed.date().isoformat() for t in made if t.closed]
    spent = [t.hours for t in made] if hours else []
    tools = [t.tool for t in made if t.tool]
    return {
        "tickets": len(made),
        "outcomes": {
            "done": sum(t.outcome == DONE for t in made),
            "given_up": sum(t.outcome == GIVEN_UP for t in made),
            "no_attempt": sum(t.outcome == NO_ATTEMPT for t in made),
            "open": sum(t.outcome in (OPEN, REOPENED) for t in made),
        },
        "hours": {
            "min": min(spent, default=None),
            "median": float(np.median(spent)) if spent else None,
            "max": max(spent, default=None),
        },
        "window": [min(days), max(days)],
        "people": len({t.person for t in made} - {-1}) if people is None else people,
        "agent": {
            tool: tools.count(tool) for tool in sorted(set(tools), key=lambda w: -tools.count(w))
        },
    }


def export(tracker, folder, rows=300, seed=1):
    """An export of so many rows, and what the reader must say of it."""
    return {
        "jira": jira, "github": github, "gitlab": gitlab, "linear": linear, "azure": azure,
        "git": git,
    }[tracker](folder, rows, seed)  # fmt: skip


def write(path, header, rows, separator=",", quoting=csv.QUOTE_MINIMAL):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator, quoting=quoting)
        writer.writerows([header, *rows])
    return path


def name(person, nobody=""):
    return nobody if person < 0 else NAMES[person]


# ---- Jira Cloud: epics, worklogs as rows of their own, repeated columns, seconds ----------------


def jira(folder, rows, seed):
    resolved = {DONE: ["Done", "Fixed"], GIVEN_UP: ["Won't Do", "Declined"],
                NO_ATTEMPT: ["Duplicate", "Cannot Reproduce"], OPEN: [""],
                REOPENED: [""]}  # fmt: skip
    status = {DONE: ["Closed", "Shipped"], GIVEN_UP: ["Closed"], NO_ATTEMPT: ["Closed"],
              OPEN: ["In Progress", "To Do"], REOPENED: ["Reopened"]}  # fmt: skip
    category = {DONE: "Done", GIVEN_UP: "Done", NO_ATTEMPT: "Done", OPEN: "In Progress",
                REOPENED: "In Progress"}  # fmt: skip
    header = ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project key",
    "Resolution",
              "Assignee", "Assignee Id", "Reporter", "Creator", "Created", "Updated", "Resolved",
              "Labels", "Labels", "Labels", "Sprint", "Sprint", "Component s", "Component s",
              "Description", "Original Estimate", "Time Spent", "Work Ratio", "Security Level",
              "Custom field (Story Points)", "Parent", "Status Category", "Comment",
              "Comment"]  # fmt: skip
    made, lines, kept = tickets(rows, ("copilot", "claude-code"), seed), [], []
    for ticket in made:
        if len(lines) > rows - 12:
            break
        kept.append(ticket)
        parts = worklogs(ticket, ticket.way % 3 + 1) if ticket.hours >= 1 else [ticket.hours]
        parts = parts if len(lines) + len(parts) <= rows - 9 else [ticket.hours]
        labels = [*ticket.labels, ticket.tool][:3] if ticket.tool else ticket.labels
        for part in parts:
            stamp = jira_date(ticket.closed or ticket.created + timedelta(days=1))
            lines.append([
                f"Piece, of \"work\" {ticket.number}", f"OUR-{ticket.number}",
                10_000 + ticket.number,
                ("Story", "Bug", "Task")[ticket.way % 3], pick(status[ticket.outcome], ticket),
                "OUR",
                pick(resolved[ticket.outcome], ticket), name(ticket.person),
                f"712020:{ticket.person}" if ticket.person >= 0 else "", NAMES[ticket.way % 6],
                NAMES[ticket.way % 6], jira_date(ticket.created), stamp,
                jira_date(ticket.closed) if ticket.closed else "", *padded(labels, 3), "Sprint 7",
                "",
                "api", "", "First line\nsecond, line\n\nlast", 3600, int(part * 3600), "80%", "",
                ticket.way % 8, 90_000 + ticket.way % 4, category[ticket.outcome],
                "a comment; with marks", "",
            ])  # fmt: skip
    for i in range(rows - len(lines)):
        lines.append([f"Epic {i}", f"OUR-{9000 + i}", 90_000 + i % 4, "Epic", "Done", "OUR", "Done",
                      NAMES[0], "712020:0", NAMES[0], NAMES[0], jira_date(FIRST), jira_date(FIRST),
                      jira_date(FIRST), *[""] * 3, "", "", "", "", "", "", 360_000, "", "", "", "",
                      "Done", "", ""])  # fmt: skip
    path = write(folder / "jira.csv", header, lines)
    return path, truth(kept)


def worklogs(ticket, parts):
    """Hours of a ticket in so many parts, all different."""
    rest, quarters = [], int(ticket.hours * 4)
    for i in range(1, parts):
        if quarters - i < i + 1:
            break
        rest.append(i / 4)
        quarters -= i
    return [*rest, quarters / 4]


def jira_date(at):
    return at.strftime("%d/%b/%y ") + at.strftime("%I:%M %p").lstrip("0")


def padded(cells, width):
    return [*cells, *[""] * (width - len(cells))]


def pick(words, ticket):
    return words[ticket.way % len(words)]


# ---- GitHub: gh issue list --json, two assignees at times --------------------------------------


def github(folder, rows, seed):
    reason = {DONE: "COMPLETED", GIVEN_UP: "NOT_PLANNED", NO_ATTEMPT: "DUPLICATE", OPEN: "",
              REOPENED: "REOPENED"}  # fmt: skip
    made = tickets(rows, ("copilot", "ai-assisted"), seed)
    people = {t.person for t in made if t.person >= 0}
    data = [
        {
            "number": t.number,
            "title": f"Piece {t.number}",
            "state": "OPEN" if t.outcome >= OPEN else "CLOSED",
            "stateReason": reason[t.outcome],
            "author": {"login": "someone", "is_bot": False},
            "assignees": [{"login": NAMES[t.person].lower().replace(" ", "-")}]
            if t.person >= 0
            else [],
            "labels": [{"name": word, "color": "fff"} for word in [*t.labels, t.tool] if word],
            "createdAt": t.created.isoformat() + "Z",
            "closedAt": t.closed.isoformat() + "Z" if t.closed else None,
        }
        for t in made
    ]
    path = folder / "github.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path, truth(made, hours=False, people=len(people))


# ---- GitLab: its own CSV, seconds, labels in one cell ------------------------------------------


def gitlab(folder, rows, seed):
    """GitLab keeps no reason of closing: labels of a workflow do, in a column a map names."""
    header = ["Title", "Description", "Issue ID", "URL", "State", "Author", "Author Username",
    "Assignee",
              "Assignee Username", "Confidential", "Locked", "Due Date", "Created At (UTC)",
              "Updated At (UTC)", "Closed At (UTC)", "Milestone", "Weight", "Labels", "Time "
              "Estimate",
              "Time Spent"]  # fmt: skip
    made = tickets(rows, ("cursor", "ai::claude"), seed)
    for ticket in made:  # closed is all it says
        ticket.outcome = DONE if ticket.outcome < OPEN else OPEN
    lines = [
        [f"Piece {t.number}", "Text, with \"marks\"", t.number, f"https://x.example/-/issues/{t.number}",
         "Open" if t.outcome == OPEN else "Closed", NAMES[0], "mika", name(t.person),
         name(t.person).split(" ")[0].lower(), "No", "No", "", f"{t.created:%Y-%m-%d %H:%M:%S}",
         f"{t.created:%Y-%m-%d %H:%M:%S}", f"{t.closed:%Y-%m-%d %H:%M:%S}" if t.closed else "", "",
         t.way % 5, ",".join([*t.labels, *filter(None, [t.tool])]), 0, int(t.hours * 3600)]
        for t in made
    ]  # fmt: skip
    return write(folder / "gitlab.csv", header, lines), truth(made)


# ---- Linear: own status names, dates of completion and cancelling ------------------------------


def linear(folder, rows, seed):
    status = {DONE: ["Done", "Live"], GIVEN_UP: ["Canceled"], NO_ATTEMPT: ["Duplicate"],
              OPEN: ["Todo", "In Review"], REOPENED: ["Backlog"]}  # fmt: skip
    header = ["ID", "Team", "Title", "Description", "Status", "Estimate", "Priority", "Project ID",
              "Project", "Creator", "Assignee", "Labels", "Cycle Number", "Cycle Name", "Cycle "
              "Start",
              "Cycle End", "Created", "Updated", "Started", "Triaged", "Completed", "Canceled",
              "Archived", "Due Date", "Parent issue"]  # fmt: skip
    made = tickets(rows, ("devin", "copilot"), seed)
    lines = [
        [f"ENG-{t.number}", "Engineering", f"Piece {t.number}", "a\nb", pick(status[t.outcome], t),
         t.way % 6, "High", "", "", "mika@x.example", address(t.person),
         ", ".join([*t.labels, *filter(None, [t.tool])]), t.way % 9, "", "", "", js_date(t.created),
         js_date(t.created), "", "", js_date(t.closed) if t.outcome == DONE else "",
         js_date(t.closed) if t.outcome in (GIVEN_UP, NO_ATTEMPT) else "", "", "", ""]
        for t in made
    ]  # fmt: skip
    return write(folder / "linear.csv", header, lines), truth(made, hours=False)


def address(person):
    return "" if person < 0 else NAMES[person].lower().replace(" ", ".") + "@x.example"


def js_date(at):
    return at.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (GMT)")


# ---- Azure DevOps: revisions of the same item, month before day, parents ------------------------


def azure(folder, rows, seed):
    state = {DONE: [("Closed", "Completed"), ("Done", "Work finished")], GIVEN_UP: [("Removed",
    "Completed"), ("Closed", "Cut")],
             NO_ATTEMPT: [("Closed", "Duplicate"), ("Closed", "As Designed")], OPEN: [("Active",
             "Implementation started"), ("New", "New")],
             REOPENED: [("Reopened", "Regression")]}  # fmt: skip
    header = ["ID", "Work Item Type", "Title", "Assigned To", "State", "Reason", "Tags",
    "Completed Work",
              "Original Estimate", "Story Points", "Created Date", "Changed Date", "Closed Date",
              "Parent"]  # fmt: skip
    made, lines, kept = tickets(rows, ("copilot", "ai-generated"), seed), [], []
    for t in made:
        if len(lines) >= rows - 6:
            break
        kept.append(t)
        tags = "; ".join([*t.labels, *filter(None, [t.tool])])
        person = f"{NAMES[t.person]} <{address(t.person)}>" if t.person >= 0 else ""
        last = t.closed or t.created + timedelta(days=2)
        row = [t.number, ("Task", "Bug")[t.way % 2], f"Piece {t.number}", person,
        *pick(state[t.outcome], t), tags,
               t.hours, 4, t.way % 5, us(t.created), us(last), us(t.closed) if t.closed else "",
               5000 + t.way % 3]  # fmt: skip
        if t.way % 4 == 0:  # an earlier revision, anywhere before
            early = [*row[:4], "Active", "Implementation started", tags, "", 4, *row[9:11],
                     us(t.created), "", row[13]]  # fmt: skip
            lines.insert(t.way % (len(lines) + 1), early)
        lines.append(row)
    for i in range(rows - len(lines)):
        lines.append([5000 + i % 3, "Epic", f"Epic {i % 3}", "", "Closed", "Completed", "", "",
        "", "",
                      us(FIRST), us(FIRST + timedelta(days=i)), us(FIRST), ""])  # fmt: skip
    return write(folder / "azure.csv", header, lines), truth(kept)


def us(at):
    return f"{at.month}/{at.day}/{at.year} " + at.strftime("%I:%M:%S %p").lstrip("0")


# ---- git log: the command the reader prints ----------------------------------------------------


def git(folder, rows, seed):
    tools = {
        "claude": "Claude <noreply@x.example>",
        "github copilot": "GitHub Copilot <bot@x.example>",
    }
    made = tickets(rows, tuple(tools), seed)
    lines = []
    for t in made:
        t.outcome, t.person = DONE, max(t.person, 0)
        t.closed = t.closed or t.created
        friend = "Lena Fjord <lena@x.example>" if t.way % 7 == 0 else ""
        trailer = ";".join(filter(None, [friend, tools.get(t.tool, "")]))
        lines.append(
            [
                f"{t.number:07x}",
                t.closed.strftime("%Y-%m-%dT%H:%M:%S+02:00"),
                address(t.person),
                trailer,
            ]
        )
    path = write(
        folder / "git-log.tsv", ["commit", "author_date", "author", "co_authors"], lines, "\t"
    )
    return path, truth(made, hours=False)
