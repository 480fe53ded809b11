"""Hand letters over: by mail server, into a mailbox as drafts, to a fax gateway, by print run."""
