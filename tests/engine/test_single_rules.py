"""Every rule does on a hand-made state what its sentence says, and small worlds obey the laws."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from mutation.mutants import mutants

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "uncompiled"


def test_single_rules_have_their_known_answers_uncompiled():
    """In a process of its own: whether rules are compiled is decided when numba is imported."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", str(FOLDER)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_every_explained_survivor_names_a_mutant_there_is():
    """Else a mutation run would count the mutant of the changed statement as not explained."""
    text = (ROOT / "tests" / "mutation" / "survivors.toml").read_text(encoding="utf-8")
    reasons = tomllib.loads(text)
    names = set()
    for module in {name.split(".")[0] for name in reasons}:
        source = (ROOT / "sim" / "engine" / f"{module}.py").read_text(encoding="utf-8")
        names |= {mutant.name for mutant in mutants(module, source)}
    assert sorted(set(reasons) - names) == []
