"""A worker process of a sweep: reads chunks from its input, writes what they gave to its output."""

import os
import pickle
import sys

from sim.errors import SweepError
from sim.experiments.sweep.chunk import compute
from sim.experiments.sweep.pools import receive, send


def main():
    """Answer until the other side closes."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a model prints must not mix with answers
    while True:
        try:
            request = receive(requests)
        except EOFError:
            return
        try:
            answer = ("done", compute(*pickle.loads(request)))
        except SweepError as error:
            answer = ("failed", error)
        except Exception as error:  # above all a class that cannot be found here
            told = f"a worker cannot run this: {type(error).__name__}: {error}"
            answer = ("failed", SweepError(" ".join(told.split())))
        send(answers, pickle.dumps(answer))


if __name__ == "__main__":
    main()
