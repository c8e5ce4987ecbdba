"""Many worlds at once: what depends on nothing but a world's own point and luck."""

import numpy as np

import sim
from sim.engine import batch, metrics, setup
from sim.experiments.sensitivity import execute

# Few who may review, so that stand-ins do, and a hard stream: all that a team meets.
PLAN = sim.load("baseline").replace({"horizon.weeks": 6, "team": {"novice": 3, "expert": 1}})


def work(draws=6, lucks=3):
    templates = batch.templates_of(PLAN, 1, setup.draw(PLAN, 1, 0, draws))
    place = np.repeat(np.arange(draws), lucks)
    return templates, place, setup.replication(0 * place, np.tile(np.arange(lucks), draws))


def test_worlds_that_share_luck_are_what_each_is_alone():
    templates, place, luck = work()
    together, _ = batch.simulate(templates, place, luck, threads=1)
    for i in range(len(place)):
        alone, _ = batch.simulate(templates, place[i : i + 1], luck[i : i + 1])
        np.testing.assert_array_equal(alone[0], together[i])


def test_worlds_of_several_seeds_do_not_share_luck():
    values = setup.draw(PLAN, 1, 0, 2)
    seeds = [batch.templates_of(PLAN, seed, values) for seed in (1, 2, 1)]
    apart = [batch.simulate(templates, [0, 1], [7, 7])[0] for templates in seeds]
    together, _ = batch.simulate(batch.joined(seeds), np.arange(6), np.full(6, 7), threads=1)
    np.testing.assert_array_equal(together, np.concatenate(apart))
    assert (apart[0] != apart[1]).any()


def test_rows_stand_in_the_order_asked_for_whatever_the_threads_and_chunks():
    templates, place, luck = work()
    values, flows = batch.simulate(templates, place, luck, weekly=True, threads=1)
    mixed = np.random.default_rng(1).permutation(len(place))
    for threads, chunk in ((1, None), (2, 1), (3, 5)):
        found, weekly = batch.simulate(
            templates, place[mixed], luck[mixed], threads, weekly=True, chunk=chunk
        )
        np.testing.assert_array_equal(found, values[mixed])
        np.testing.assert_array_equal(weekly, flows[mixed])


def test_without_lead_times_these_are_missing_and_nothing_else_changes():
    templates, place, luck = work()
    all_of_them, _ = batch.simulate(templates, place, luck)
    without, _ = batch.simulate(templates, place, luck, lead_times=False)
    missing = np.array([name.startswith("lead_time") for name in metrics.NAMES])
    assert np.isfinite(all_of_them[:, missing]).any(axis=0).all()
    assert np.isnan(without[:, missing]).all()
    np.testing.assert_array_equal(without[:, ~missing], all_of_them[:, ~missing])


def test_templates_are_alike_only_where_world_team_and_draw_are():
    templates, _, _ = work(draws=3)
    again = batch.joined([templates, templates])
    assert batch.first_alike(again, np.zeros(6, int)).tolist() == [0, 1, 2, 0, 1, 2]
    assert batch.first_alike(again, np.arange(6)).tolist() == [0, 1, 2, 3, 4, 5]
    changed = batch.joined(
        [
            templates,
            batch.WorldTemplates(
                templates.worlds.copy(), templates.team.copy(), templates.begin, templates.end
            ),
        ]
    )
    changed.team["hours_per_week"][-1] += 1.0
    assert batch.first_alike(changed, np.zeros(6, int)).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_sensitivity_is_the_same_when_every_world_is_run(monkeypatch):
    def analyse():
        return sim.sensitivity(PLAN, samples=32, luck=2, metrics=("tasks_done", "lead_time_p50"))

    shared = analyse()
    monkeypatch.setattr(batch, "first_alike", lambda templates, _: np.arange(len(templates.worlds)))
    monkeypatch.setattr(execute, "needs_lead_times", lambda _: True)
    each = analyse()
    for mine, theirs in zip(shared.moments.arrays, each.moments.arrays, strict=True):
        np.testing.assert_array_equal(mine, theirs)
