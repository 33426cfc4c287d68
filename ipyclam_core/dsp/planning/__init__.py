"""From a score to a program."""
