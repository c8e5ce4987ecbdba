"""Tasks of a world have names that say which is a fix, or a part, of which."""

from sim.engine import luck
from sim.experiments import task_names


def test_tasks_parts_and_fixes_are_named_by_their_own():
    part = int(luck.part_key(34, 2))
    fix = int(luck.child_key(34, 3))
    fix_of_fix = int(luck.child_key(fix, 1))
    fix_of_part = int(luck.child_key(part, 1))
    part_of_fix = fix + task_names.step()
    unknown = int(luck.child_key(99, 1))
    assert task_names.names([34, part, fix, fix_of_fix, fix_of_part, part_of_fix, unknown]) == {
        34: "34",
        part: "part 3 of 34",
        fix: "fix of 34",
        fix_of_fix: "fix of fix of 34",
        fix_of_part: "fix of part 3 of 34",
        part_of_fix: "part 2 of fix of 34",
        unknown: "fix",
    }


def test_a_fix_is_named_by_a_parent_of_which_only_a_part_is_there():
    part, fix = int(luck.part_key(7, 1)), int(luck.child_key(7, 1))
    assert task_names.names([part, fix]) == {part: "part 2 of 7", fix: "fix of 7"}
