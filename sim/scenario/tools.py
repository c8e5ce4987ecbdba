"""The tables of tools: what a team works with, and of which date."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from sim.scenario.values import (
    Fault,
    HoursOrBelief,
    Month,
    TableOfFile,
    Text,
    Version,
    number,
    share,
)

_AGENTIC = ("anchor", "horizon_hours", "slope_per_doubling", "version", "improves")
_SOURCED = ("source", "date", "adoption")


def needs_only(
    table: Any, needed: tuple[str, ...], possible: tuple[str, ...], why: str
) -> Iterator[Fault]:
    """A fault for each key that is needed and missing, or another possible one that is stated."""
    for key in needed:
        if getattr(table, key) is None:
            yield key, f"missing; {why} needs it"
    for key in possible:
        if key not in needed and getattr(table, key) is not None:
            yield key, f"not used by {why}; remove it"


def _keys_of_its_kind(tool: Any) -> Iterator[Fault]:
    if tool.kind == "none":
        yield from needs_only(tool, (), ("adoption", *_AGENTIC), "kind = 'none'")
    elif tool.kind == "assistive":
        yield from needs_only(tool, _SOURCED, (*_SOURCED, *_AGENTIC), "kind = 'assistive'")
    else:
        by_horizon = tool.horizon_hours is not None or tool.slope_per_doubling is not None
        if by_horizon == (tool.anchor is not None):
            yield "", "must state either anchor = 'study' or horizon_hours and slope_per_doubling"
            return
        curve = ("horizon_hours", "slope_per_doubling") if by_horizon else ("anchor",)
        needed = (*_SOURCED, *curve, "version", "improves")
        yield from needs_only(tool, needed, needed, "kind = 'agentic'")


class Profile(TableOfFile):
    """A tool profile: what the team works with, and of which date."""

    kind: Literal["agentic", "assistive", "none"] = Field(description="What the tool does")
    description: Text = Field(description="What it is, in one line")
    source: Text | None = Field(default=None, description="Where its figures come from")
    date: Month | None = Field(default=None, description="Month its curve describes, YYYY-MM")
    anchor: Literal["study"] | None = Field(default=None, description="Curve of the study")
    horizon_hours: HoursOrBelief | None = number(
        "expert-h", "Size of task that a benchmark has done half the time; or its distribution",
        None,
    )  # fmt: skip
    slope_per_doubling: float | None = number(
        "logit/doubling", "Log-odds lost per doubling of size", None, gt=0, le=5
    )
    version: Version | None = Field(
        default=None, description="Version used: 'start' of the run, as of its 'date', or a month"
    )
    improves: bool | None = Field(default=None, description="Whether it improves inside a run")
    adoption: float | None = share("Share of the work taken to the tool", None)
    world: dict[str, Any] | None = Field(
        default=None, description="What the register does not know of this tool, with its source"
    )

    rules = (_keys_of_its_kind,)


class Tool(Profile):
    """The merged tool profile, its name, and the curve set."""

    profile: Text = Field(description="A file of scenarios/tools, by name or path")
    curves: Text = Field(description="Curve set: study, headline, or a fitted set")
    familiarity: float | None = share(
        "Familiarity with the tool of the team at the start; by default as the studied users", None
    )
    changed: bool = Field(
        default=False, description="Whether the team comes from another tool and keeps a part of it"
    )
