"""The tables of money: salaries or hourly pay by level, the tool, and the worth of work."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from sim.scenario.values import LEVELS, Fault, TableOfFile, Text, number


class Pay(TableOfFile):
    """Cost of a paid hour by level; between levels in proportion."""

    novice: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    beginner: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    intermediate: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    advanced: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    expert: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)


class Salary(TableOfFile):
    """Salary a year of forty paid hours a week, by level; between levels in proportion."""

    novice: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    beginner: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    intermediate: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    advanced: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    expert: float = number("money/year", "Salary at this level", ge=0, le=1e9)


class Salaries(TableOfFile):
    """Salaries by role."""

    engineer: Salary | None = Field(default=None, description="Engineers', by the level hired at")
    adjacent: Salary | None = Field(
        default=None, description="Adjacent people's, by the level hired at"
    )


PAID_HOURS_A_YEAR = 52 * 40.0  # leave and holidays are paid


def _one_statement_of_pay(money: Any) -> Iterator[Fault]:
    for role in ("engineer", "adjacent"):
        if getattr(money, role) is not None and getattr(money.salary, role, None) is not None:
            yield "", f"must state either salary.{role} or {role}, not both"


def _overhead_is_over_a_salary(money: Any) -> Iterator[Fault]:
    if money.overhead != 1 and money.salary is None:
        yield "overhead", "is over a salary; state salary.engineer, or leave it out"


class Money(TableOfFile):
    """What people and the tool cost, and what work is worth; without it no money is counted."""

    currency: Text = Field(description="Unit of every amount")
    salary: Salaries | None = Field(default=None, description="Salaries a year, by role and level")
    overhead: float = number(
        "factor", "Cost of a person over salary: insurance, place of work; 1 counts salary alone",
        1.0, ge=1, le=10,
    )  # fmt: skip
    engineer: Pay | None = Field(
        default=None, description="Cost of an engineer's hour, by the level hired at"
    )
    adjacent: Pay | None = Field(
        default=None, description="Cost of an adjacent person's hour, by the level hired at"
    )
    tool_per_person_month: float = number("money", "Tool, a person and month", ge=0, le=1e9)
    price_per_expert_hour: float | None = number(
        "money/expert-h", "Worth of work delivered; net value needs it", None, ge=0, le=1e9
    )

    rules = (_one_statement_of_pay, _overhead_is_over_a_salary)

    def cost_per_hour(self, role: str) -> dict[str, float] | None:
        """Cost of a paid hour by level [money/h], or None where the role's is not stated."""
        pay, salary = getattr(self, role), getattr(self.salary, role, None)
        if salary is not None:
            yearly = self.overhead / PAID_HOURS_A_YEAR
            return {level: getattr(salary, level) * yearly for level in LEVELS}
        return None if pay is None else {level: getattr(pay, level) for level in LEVELS}
