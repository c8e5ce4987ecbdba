"""A commented plan to start from."""

import re
from importlib.resources import files
from pathlib import Path

from sim.errors import ScenarioError, short
from sim.scenario.files import available

NAME = "NAME"  # what stands for the plan's name in the template


def new(name: str, folder: Path | None = None) -> Path:
    """Write a commented plan with a small backlog and a deadline; the file's Path.

    name : of the plan: letters, digits, "-" and "_"; ".toml" at its end is no part of it
    folder : the working folder by default

    Raises ScenarioError, one line, where the name is none, is taken, or cannot be written.
    """
    stem = name.removesuffix(".toml")
    if not re.fullmatch(r"[A-Za-z0-9][\w-]*", stem, re.ASCII):
        raise ScenarioError(
            f"{short(name)}: must be a name of letters, digits, - and _, such as our-team"
        )
    if stem in {packaged for packaged, _, where in available() if where == "package"}:
        raise ScenarioError(f"{stem}: is the name of a packaged scenario; choose another")
    path = (folder or Path()) / f"{stem}.toml"
    template = (Path(str(files("scenarios"))) / "start" / "plan.toml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template.replace(NAME, stem))
    except FileExistsError:
        raise ScenarioError(f"{path.name}: exists already; choose another name") from None
    except OSError as error:
        raise ScenarioError(f"{path.name}: cannot be written: {error.strerror}") from None
    return path
