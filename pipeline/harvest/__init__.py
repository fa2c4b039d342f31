"""From addresses to raw documents in the landing zone: what to ask for, how to ask, what was answered."""
