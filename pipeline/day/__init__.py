"""One day through the flow. Read `run.py` first."""
