"""Every rule does on a hand-made state what its sentence says, and small worlds obey the laws."""

import os
import subprocess
import sys
from pathlib import Path

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
