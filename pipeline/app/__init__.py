"""What people and schedulers call: the command line, tasks, reports."""
