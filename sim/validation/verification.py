"""Every verification check, by name, as one list."""

from sim.validation import identities, queues, sessions, training

FULL = {  # name -> what runs it; each gives a Check or a list of them
    "one server": lambda: queues.many_servers(1, 160),
    "three servers": lambda: queues.many_servers(3, 120),
    "lognormal sizes": lambda: queues.lognormal_sizes(300),
    "two classes": lambda: queues.two_classes(160),
    "retries": sessions.retries,
    "persistent failures": lambda: sessions.retries(1.5),
    "defects": sessions.defects,
    "counts": lambda: sessions.counts(2000),
    "arrivals": lambda: sessions.arrivals(2000),
    "training": training.payoffs,
    "laws": lambda: identities.conserved(400),
    "common luck": identities.common_luck,
    "two clocks": lambda: identities.clocks_apart(60),
    "threads": identities.threads_apart,
    "error rate": identities.error_rate,
}
QUICK = FULL | {
    "one server": lambda: queues.many_servers(1, 40),
    "three servers": lambda: queues.many_servers(3, 20),
    "lognormal sizes": lambda: queues.lognormal_sizes(60),
    "two classes": lambda: queues.two_classes(40),
    "retries": lambda: sessions.retries(tasks=1000),
    "persistent failures": lambda: sessions.retries(1.5, tasks=1000),
    "defects": lambda: sessions.defects(1000),
    "counts": lambda: sessions.counts(200),
    "arrivals": lambda: sessions.arrivals(200),
    "laws": lambda: identities.conserved(40),
    "two clocks": lambda: identities.clocks_apart(8),
    "error rate": lambda: identities.error_rate(3200),
}


def run(quick=False, tell=None):
    """All checks: list of Check, in the order of FULL. tell(done, total) after each."""
    found = []
    chosen = QUICK if quick else FULL
    for place, check in enumerate(chosen.values(), 1):
        made = check()
        found += made if isinstance(made, list) else [made]
        if tell is not None:
            tell(place, len(chosen))
    return found
