"""Which column means what: by its name, in several languages and trackers, or by a map."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import TicketError, did_you_mean
from sim.exports import durations
from sim.exports.map_file import Map
from sim.exports.vocabulary import plain_header, words

# Roles that several columns may have: their cells are united.
SEVERAL = ("log_work", "labels", "co_authors", "other_people", "estimates", "parent", "person")
UNREAD = ("title",)  # shows where the header is, and is not read
ALL_NAMES = ("labels", "other_people", "estimates", "parent")  # not the likeliest name alone


@dataclass(frozen=True)
class Profile:
    """A tracker, as its header shows it.

    name      in words
    unit      of a bare number of time spent; None where the tracker does not say
    unmerged  whether "closed" means closed without a merge
    """

    name: str
    unit: str | None = None
    unmerged: bool = False


# Roles that are named to whoever reads, with what a column of it means.
MEANINGS = {
    "ticket": "ticket", "inner_id": "number to which a parent refers", "project": "project",
    "type": "kind of ticket", "parent": "parent",
    "outcome": "outcome", "resolution": "outcome", "reason": "outcome, its reason",
    "status": "outcome", "category": "outcome, where nothing else tells",
    "merged": "date of merging", "canceled": "date of cancelling",
    "person": "person, as a number", "level": "level of expertise", "role": "role",
    "class": "class of work", "labels": "labels", "agent": "agent used",
    "co_authors": "agent used", "hours": "hours spent", "points": "points, a scale of its own",
    "log_work": "hours spent, in seconds",
    "estimates": "an estimate, not used", "closed": "date of closing", "date": "date of closing",
    "created": "date of creation", "updated": "date of change",
}  # fmt: skip

UTC = "(utc)"  # stands for a header such as "Closed At (UTC)", as GitLab alone writes it
PLAIN = Profile("a plain table")
_PROFILES = (  # plain headers that show it, the profile
    ({"commit", "author date"}, Profile("git log")),
    ({"commit", "author"}, Profile("git log")),
    ({"hash", "author"}, Profile("git log")),
    ({"sha", "author"}, Profile("git log")),
    ({"work item type"}, Profile("Azure DevOps", durations.HOURS)),
    ({"issue key", "status category"}, Profile("Jira Cloud", durations.SECONDS)),
    ({"issue key", "assignee id"}, Profile("Jira Cloud", durations.SECONDS)),
    ({"issue key"}, Profile("Jira", durations.SECONDS)),
    ({"key", "timespent"}, Profile("Jira, its interface", durations.SECONDS)),
    ({"key", "resolutiondate"}, Profile("Jira, its interface", durations.SECONDS)),
    ({"cle de ticket"}, Profile("Jira", durations.SECONDS)),
    ({"vorgangsschlussel"}, Profile("Jira", durations.SECONDS)),
    ({"clave de incidencia"}, Profile("Jira", durations.SECONDS)),
    ({"mr id"}, Profile("GitLab merge requests", durations.SECONDS, unmerged=True)),
    ({"iid", "source branch"}, Profile("GitLab merge requests", durations.SECONDS, unmerged=True)),
    ({"iid"}, Profile("GitLab", durations.SECONDS)),
    ({"issue id", "author username"}, Profile("GitLab", durations.SECONDS)),
    ({"issue id", UTC}, Profile("GitLab", durations.SECONDS)),
    ({"title", UTC}, Profile("GitLab", durations.SECONDS)),
    ({"canceled", "completed", "team"}, Profile("Linear")),
    ({"cycle number"}, Profile("Linear")),
    ({"number", "state", "head ref name"}, Profile("GitHub pull requests", unmerged=True)),
    ({"number", "state", "merged at"}, Profile("GitHub pull requests", unmerged=True)),
    ({"number", "state"}, Profile("GitHub")),
    ({"state reason"}, Profile("GitHub")),
)  # fmt: skip


@dataclass(frozen=True)
class Roles:
    """Where each role stands among the columns.

    places   role -> places of its columns
    profile  of the header
    """

    places: Mapping[str, tuple[int, ...]]
    profile: Profile

    @property
    def all(self) -> frozenset[int]:
        """Places of every column with a role."""
        return frozenset(place for places in self.places.values() for place in places)


def known_names(stated: Map) -> frozenset[str]:
    """Plain names of every column that any role may have."""
    names = {name for listed in words()["columns"].values() for name in listed}
    names |= {plain_header(header) for listed in stated.columns.values() for header in listed}
    return frozenset(names)


def roles(name: str, headers: tuple[str, ...], stated: Map) -> Roles:
    """The roles of a header's columns.

    Raises TicketError where a map names a column that is not there, or where two columns of one
    name would have a role that one column has.
    """
    plain = [plain_header(header) for header in headers]
    places: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for role, listed in stated.columns.items():
        places[role] = _stated(name, role, listed, headers, plain)
        taken |= set(places[role])
    for role, aliases in words()["columns"].items():
        if role in places or role in UNREAD:
            continue
        met = [alias for alias in aliases if alias in plain]
        for alias in met if role in ALL_NAMES else met[:1]:
            here = tuple(i for i, word in enumerate(plain) if word == alias and i not in taken)
            if len(here) > 1 and role not in SEVERAL:
                raise TicketError(
                    f"{name}: column '{headers[here[0]]}': there are two of it; name one of "
                    "them apart"
                )
            places[role] = places.get(role, ()) + here
    kept = {role: tuple(dict.fromkeys(here)) for role, here in places.items() if here}
    marks = {UTC for header in headers if header.casefold().endswith(UTC)}
    return Roles(kept, _profile({*plain, *marks}))


def _stated(name, role, listed, headers, plain) -> tuple[int, ...]:
    places: list[int] = []
    for header in listed:
        here = [i for i, word in enumerate(headers) if word == header]
        here = here or [i for i, word in enumerate(plain) if word == plain_header(header)]
        if not here:
            near = did_you_mean(header, [word for word in headers if word])
            raise TicketError(f"{name}: the map's {role} = '{header}': no such column{near}")
        places += here
    if len(places) > 1 and role not in SEVERAL:
        raise TicketError(f"{name}: the map's {role}: {len(places)} columns; must be one")
    return tuple(places)


def _profile(plain: set[str]) -> Profile:
    return next((profile for names, profile in _PROFILES if names <= plain), PLAIN)
