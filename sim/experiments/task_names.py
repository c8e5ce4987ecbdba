"""Names of the tasks of one world: "34", "part 2 of 34", "fix of 34".

A key says which luck is a task's own. That of a fix is a hash of its parent's, so parents are
looked for among the tasks of the same world.
"""

from functools import cache

from sim.engine import luck

PARTS = 32  # a task is split into fewer parts
MOST_SUBMISSIONS = 64  # of a parent, by which its fixes are looked for
FIRST_FIX = 1 << 40  # keys below it are of the stream


def names(keys):
    """Name of each task of a world: dict, key -> str.

    keys : the tasks' keys, int; a fix whose parent is not among them is "fix"
    """
    keys = {int(key) for key in keys}
    whole = {key: _split(key, keys) for key in keys}
    roots = {root for root, _ in whole.values()}
    parents = {
        int(luck.child_key(parent, count)): parent
        for parent in sorted(keys | roots)
        for count in range(MOST_SUBMISSIONS)
    }
    return {key: _name(whole[key], parents, whole) for key in keys}


@cache
def step():
    """How far apart the keys of two parts of a task are; compiled code, so not at import."""
    return int(luck.part_key(0, 1))


def _split(key, keys):
    """The whole task of a key, and which part of it: 0 for the first, or where it is not split."""
    if key < FIRST_FIX:
        part = key // step()
        return key - part * step(), part
    for part in range(1, PARTS):
        if key - part * step() in keys:
            return key - part * step(), part
    return key, 0


def _name(place, parents, whole):
    root, part = place
    said = str(root)
    if root >= FIRST_FIX:
        parent = parents.get(root)
        said = "fix"
        if parent is not None:
            said = f"fix of {_name(whole.get(parent, (parent, 0)), parents, whole)}"
    return f"part {part + 1} of {said}" if part else said
