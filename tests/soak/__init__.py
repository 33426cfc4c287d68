"""Programs that run for as long as one likes, and look for what breaks: `make soak`, `make interrupts`, `make fuzz`."""
