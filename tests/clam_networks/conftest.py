"""What is held against CLAM's own networks is collected only where they are: other people's files, which the project does not hold."""

from __future__ import annotations

from clam.material import NETWORKS

collect_ignore_glob = [] if NETWORKS.is_dir() else ["*"]
