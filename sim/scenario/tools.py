"""The tables of tools: what a team works with, and of which date."""

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from sim.scenario.values import (
    HoursOrBelief,
    Month,
    TableOfFile,
    Text,
    Version,
    fault_at,
    number,
    share,
)


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

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> "Profile":
        own = ("source", "date", "adoption")
        agentic = ("anchor", "horizon_hours", "slope_per_doubling", "version", "improves")
        if self.kind == "none":
            needs_only(self, (), ("adoption", *agentic), "kind = 'none'")
        elif self.kind == "assistive":
            needs_only(self, own, (*own, *agentic), "kind = 'assistive'")
        else:
            by_horizon = self.horizon_hours is not None or self.slope_per_doubling is not None
            if by_horizon == (self.anchor is not None):
                fault = "must state either anchor = 'study' or horizon_hours and slope_per_doubling"
                raise fault_at("", fault)
            curve = ("horizon_hours", "slope_per_doubling") if by_horizon else ("anchor",)
            needed = (*own, *curve, "version", "improves")
            needs_only(self, needed, needed, "kind = 'agentic'")
        return self


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


def needs_only(
    table: BaseModel, needed: tuple[str, ...], possible: tuple[str, ...], why: str
) -> None:
    """Raise a fault where a key that is needed is missing, or another possible one is stated."""
    for key in needed:
        if getattr(table, key) is None:
            raise fault_at(key, f"missing; {why} needs it")
    for key in possible:
        if key not in needed and getattr(table, key) is not None:
            raise fault_at(key, f"not used by {why}; remove it")
