"""The command that reads an export: read."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import Json, say, show
from sim.cli.options import AgentSince, DateOrder, MapFile


def read(
    file: Annotated[Path, typer.Argument(help="Export of a tracker: CSV or JSON.")],
    map: MapFile = None,
    write_map: Annotated[
        Path | None, typer.Option(help="New TOML file: this reading as a map for the next export.")
    ] = None,
    dates: DateOrder = None,
    agent_since: AgentSince = None,
    as_json: Json = False,
) -> None:
    """Read an export of a tracker, and say how it was read. Nothing is fitted, nothing kept.

    \b
    tiercurve read export.csv                    Jira, GitHub, GitLab, Linear, Azure DevOps, git log
    tiercurve read export.csv --dates mdy        where no date tells the order of day and month
    tiercurve read export.csv --write-map our.toml, then --map our.toml for the next export

    Names and addresses become numbers while the file is read, and are kept nowhere.
    """
    from sim.exports import map_file
    from sim.exports import read as read_export

    if write_map is not None and write_map.exists():
        raise typer.BadParameter(
            f"{write_map}: exists already; choose another", param_hint="--write-map"
        )
    record = read_export(file, map, dates and dates.value, agent_since)
    if write_map is not None:
        write_map.write_text(map_file.text(record.map), encoding="utf-8")
        say(f"map written to {write_map}")
    show(record.to_json() if as_json else record.text())
