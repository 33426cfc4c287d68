"""What numba compiles, and how: imported only when a kernel is wanted that no cache holds."""
