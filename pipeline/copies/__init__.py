"""Articles to links and copy groups."""
