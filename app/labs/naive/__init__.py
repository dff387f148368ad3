"""The way that most of us write it first. Shown in the labs, used by nothing else."""
