"""Extracted documents to articles and rejects."""
