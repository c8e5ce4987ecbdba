"""What holds of every test: how wide the terminal is that they were started in changes none."""

import os

os.environ.pop("COLUMNS", None)
