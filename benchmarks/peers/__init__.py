"""The engines that are measured, one module each, all of one shape: see `peers.measuring.Peer`."""
