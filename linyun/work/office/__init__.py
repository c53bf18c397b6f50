"""The worker's own desk drawer: notes and things to do, seen by nobody else."""
