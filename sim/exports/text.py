"""How a file was read, in words: for a terminal, a Markdown page and a notebook cell."""

import html as escaping
import textwrap

TITLE = "How your file was read"
MOST_WORDS = 12  # words of outcomes shown one by one


def _facts(record) -> list[tuple[str, list[str]]]:
    """Headings with their lines."""
    counts = record.outcomes
    hours, window = record.hours_summary(), record.window
    summary = [
        f"{record.name}: {record.tracker}, {record.rows:,} rows, {len(record):,} tickets"
        + (f", {window[0]} to {window[1]}" if window else "")
        + f", {record.people:,} people",
        f"done {counts['done']:,}, given up {counts['given_up']:,}, never an attempt "
        f"{counts['no_attempt']:,}, still open {counts['open']:,}",
    ]
    if hours["median"] is not None:
        summary.append(
            f"hours spent: {hours['min']:g} to {hours['max']:g}, median {hours['median']:g}"
        )
    facts = [
        ("", summary),
        ("Columns", [f"{header}: {meaning}" for header, meaning in record.columns.items()]),
        ("Words of outcomes", _words(record)),
        ("Agent", _agent(record)),
        ("Settled by the file", list(record.settled)),
        ("Rows and tickets", _rows(record)),
        ("Assumed", list(record.assumed)),
        ("Left out or blank", [f"{reason}: {n:,}" for reason, n in record.left_out.items()]),
        ("Keep in mind", list(record.cautions)),
    ]
    return [(heading, list(map(_printable, lines))) for heading, lines in facts]


def _printable(line: str) -> str:
    """A line without characters that steer a terminal or the direction of writing."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in line
    )


def _rows(record) -> list[str]:
    """Where the file's rows are, where not each is a ticket, and how rows were joined."""
    if len(record) == record.rows:
        return list(record.joined)
    parts = ", ".join(f"{reason} {count:,}" for reason, count in record.accounts.items())
    return [f"{record.rows:,} rows: {parts}", *record.joined]


def _words(record) -> list[str]:
    met = record.words_met()
    lines = [
        f"{header} '{text}': {answer}, {count:,}"
        for header, text, answer, count in met[:MOST_WORDS]
    ]
    return lines if len(met) <= MOST_WORDS else [*lines, f"and {len(met) - MOST_WORDS} more"]


def _agent(record) -> list[str]:
    if not record.agent_source:
        return []
    words = ", ".join(f"'{word}' {count:,}" for word, count in list(record.agent_words.items())[:6])
    counts = {state: int((record.agent == state).sum()) for state in (1, 0, -1)}
    lines = [
        f"by {record.agent_source}: with an agent {counts[1]:,}, without {counts[0]:,}, not said "
        f"{counts[-1]:,}"
    ]
    return [*lines, f"words: {words}"] if words else lines


def terminal(record, width: int = 96) -> str:
    """Lines for a terminal."""
    lines = [TITLE]
    for heading, facts in _facts(record):
        if heading and facts:
            lines += ["", heading]
        for fact in facts:
            lines += textwrap.wrap(fact, width, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def markdown(record) -> str:
    """A section of a Markdown page."""
    (_, summary), *rest = _facts(record)
    lines = [f"## {TITLE}", "", ". ".join(map(_plain, summary)) + ".", ""]
    for heading, facts in rest:
        if facts:
            ends = " " if heading == "Keep in mind" else "; "
            lines.append(f"- **{heading}**: {_plain(ends.join(facts))}")
    return "\n".join([*lines, ""])


def _plain(fact: str) -> str:
    """A line whose marks Markdown does not take for its own."""
    return "".join(f"\\{c}" if c in "|*<" else c for c in fact)


def html(record) -> str:
    """A notebook cell or a section of a page."""
    parts = [f"<h3>{TITLE}</h3>"]
    for heading, facts in _facts(record):
        if facts:
            parts += [f"<h4>{heading}</h4>"] if heading else []
            parts.append(
                "<ul>" + "".join(f"<li>{escaping.escape(f)}</li>" for f in facts) + "</ul>"
            )
    return "\n".join(parts)
