"""Bytes, Parquet, partitions."""
