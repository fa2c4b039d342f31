"""One day, step by step. Read `run.py` first."""
