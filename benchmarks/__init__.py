"""What newsfold costs and how well it works. Each module runs both ways: `python benchmarks/NAME.py`, `python -m benchmarks.NAME`."""

import sys
from pathlib import Path

sys.path.append(
    str(Path(__file__).parent)
)  # as a script has it: what the modules share is imported by its name
