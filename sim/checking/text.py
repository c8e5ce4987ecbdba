"""A check as text for a terminal."""

FIRST = 5  # identical numbers shown where nothing is wrong


def text_of(check, everything=False):
    """Verdict first, then what is wrong, what has changed since, and the numbers."""
    lines = [f"{check.path.name}: {_verdict(check)}", *(f"  {line}" for line in check.about)]
    lines += _block("Edited", check.edited)
    lines += _block("Altered", check.altered)
    lines += _block("Numbers", _numbers(check, everything))
    lines += _block("Not as it was", check.differences)
    lines += _block("Not checked", check.notes)
    return "\n".join(lines)


def _verdict(check):
    counts = ", ".join(f"{n} {verdict}" for verdict, n in check.counts.items() if n)
    said = f"{len(check.numbers)} numbers made again: {counts}"
    if check.quoted:
        wrong = f"{len(check.edited)} not as recorded" if check.edited else "all as recorded"
        said += f"; {check.quoted} quoted in it: {wrong}"
    return ("as recorded. " if check.ok else "DIFFERENT. ") + said


def _numbers(check, everything):
    if everything:
        return [str(number) for number in check.numbers]
    rest = [number for number in check.numbers if number.verdict == "identical"]
    shown = [str(number) for number in check.numbers if number.verdict != "identical"]
    shown += map(str, rest[:FIRST])
    more = len(rest) - FIRST
    return [*shown, f"and {more} more identical; --all lists them"] if more > 0 else shown


def _block(title, lines):
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []
