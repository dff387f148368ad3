"""The command line: thin, split by subject; each command imports what it runs, when it runs."""
