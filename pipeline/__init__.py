"""newsfold: raw news pages in, deduplicated stories in Parquet out. Start with `day/run.py`."""
