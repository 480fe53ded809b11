"""Join the layers into jobs: one module a job, each a list of steps; prints nothing."""
