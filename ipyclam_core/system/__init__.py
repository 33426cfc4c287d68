"""What ipyclam asks of the machine and of Python, and that knows nothing of networks."""
