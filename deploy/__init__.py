"""Scripts that start newsfold on one machine, outside the package."""
