"""How long a large export takes to read, and in how much memory.

uv run python benchmarks/large_export.py [ROWS]

Writes a Jira export of so many rows (500,000 by default) into a temporary folder, reads it in a
process of its own, and prints seconds and the most memory that process took.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADER = (
    "Summary,Issue key,Issue id,Issue Type,Status,Resolution,Assignee,Created,Updated,Resolved,"
    "Labels,Labels,Description,Time Spent,Status Category\n"
)


def write(path, rows):
    """An export of two rows a ticket in ten, of 400 people, with a description in each row."""
    text = "What there is to do, in a sentence or two; and why it is to be done. " * 2
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for i in range(rows):
            ticket = i - (i % 10 == 9)
            day, hour = ticket % 28 + 1, ticket % 11 + 1
            month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")[ticket // 20_000 % 6]
            stamp = f"{day:02d}/{month}/{22 + ticket // 120_000} {hour}:{ticket // 28 % 60:02d} PM"
            done = ticket * 7919 % 10 < 8
            file.write(
                f'"Piece {ticket}",OUR-{ticket},{ticket},Task,Closed,'
                f"{'Done' if done else 'Won’t Do'},Person {ticket % 400},{stamp},{stamp},{stamp},"
                f'backend,{"copilot" if ticket % 3 else ""},"{text}",{60 * (i % 900 + 1)},Done\n'
            )


def read(path):
    """Read it here, and print what it took."""
    import sim

    start = time.perf_counter()
    record = sim.read(path)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{record.rows:,} rows, {len(record):,} tickets: {seconds:.1f} s, {memory:,.0f} MB")


def main(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        write(path, rows)
        print(f"{path.stat().st_size / 1e6:,.0f} MB")
        subprocess.run([sys.executable, __file__, "read", path], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        read(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
