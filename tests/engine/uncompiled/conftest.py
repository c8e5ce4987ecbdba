"""These tests call rules one by one, which compiled would cost a compilation for each."""

import numba

collect_ignore_glob = [] if numba.config.DISABLE_JIT else ["test_*.py"]
