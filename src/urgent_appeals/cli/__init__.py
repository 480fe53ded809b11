"""The command line: one file a command; asks, calls, tells. Only here is anything printed or exited."""
