"""What an agent costs a person and month where a plan in US dollars does not say it.

Source: mean 13 USD a developer and active day, under 30 USD for 90% of them; the vendor's page on
costs, September 2026, as search engines quote it (grade S). No row of the ledger: it is no input of
the model, and what a team pays is on its bill.
"""

from collections.abc import Mapping, Sequence
from typing import Any

USD_PER_DAY = 13.0
ACTIVE_DAYS = 20  # a month; assumption: all working days but leave
USD_PER_MONTH = USD_PER_DAY * ACTIVE_DAYS
DOLLARS = ("USD", "US$", "$")
KEY = "tool_per_person_month"
OWN_KEY = "cost_per_person_month"  # of a row of [[rollout]]
MISSING = (
    f"missing; state what you pay. One vendor's agent costs {USD_PER_DAY:g} USD a developer and "
    f"active day on average, some {USD_PER_MONTH:g} USD a month"
)
NOTE = (
    f"money.{KEY} = {USD_PER_MONTH:g}: not stated, so {USD_PER_DAY:g} USD a developer and active "
    f"day (vendor's page on costs, September 2026) on {ACTIVE_DAYS} days a month (assumption); put "
    "what you pay"
)


def with_price(money: Any, tools: Sequence[Mapping[str, Any]]) -> tuple[Any, tuple[str, ...]]:
    """[money] with the price of the tool, and a note where it is not the plan's own.

    tools : that of the start and those that come, as they are stated; of the latter some may state
        a price of their own

    An agent has a default in US dollars, no tool costs nothing; all else must be stated.
    """
    if not isinstance(money, Mapping) or KEY in money or not tools:
        return money, ()
    kinds = {tool.get("kind") for tool in tools if OWN_KEY not in tool} - {"none"}
    if not kinds:
        return {**money, KEY: 0.0}, ()
    if kinds == {"agentic"} and money.get("currency") in DOLLARS:
        return {**money, KEY: USD_PER_MONTH}, (NOTE,)
    return money, ()


def without_note(notes: tuple[str, ...], money: Any) -> tuple[str, ...]:
    """Notes without that on a price which is no longer the default."""
    default = isinstance(money, Mapping) and money.get(KEY) == USD_PER_MONTH
    return notes if default else tuple(note for note in notes if note != NOTE)
