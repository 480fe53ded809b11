"""Keep what happened: events that are only ever added, in SQLite or PostgreSQL by the same code.

`opening.open_log` gives a `store.Log`; it is the only thing here that is quick to import.
"""
