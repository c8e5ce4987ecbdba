"""Commands that list what there is: list, schema."""

import json

from sim.cli.common import Json


def list_(as_json: Json = False) -> None:
    """List the scenarios there are, and the question each answers."""
    from sim import report
    from sim.scenario import available

    rows = [(str(name), str(question), str(where)) for name, question, where in available()]
    if as_json:
        keys = ("name", "question", "where")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
        return
    print("\n".join(report.grid(("scenario", "question", "where"), rows)))


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario import schema as scenario_schema

    print(json.dumps(scenario_schema(), indent=2))
