"""Read a workspace: definitions in, values and problems out."""
