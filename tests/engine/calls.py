"""No tests: calls for workers, in a file that they import soon, for it needs nothing."""

import os


def die_at(number):
    if number == 3:
        os._exit(9)
    return number


def note_and_fail(path):
    with open(path, "a", encoding="utf-8") as file:
        file.write("tried\n")
    raise ValueError("of the call")


class Unreadable:
    """Can be sent, and cannot be read where it arrives."""

    def __reduce__(self):
        return int, ("x",)
