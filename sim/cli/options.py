"""Options of every command that reads an export."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Dates(StrEnum):
    """Order of day and month."""

    dmy = "dmy"
    mdy = "mdy"


MapFile = Annotated[
    Path | None, typer.Option("--map", help="TOML file with the export's own words (--write-map).")
]
DateOrder = Annotated[
    Dates | None, typer.Option("--dates", help="Day or month first, where no date tells.")
]
AgentSince = Annotated[
    str | None, typer.Option(help="Day from which an agent was used, such as 2025-03-01.")
]
