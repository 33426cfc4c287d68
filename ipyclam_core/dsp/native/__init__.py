"""The code that numba compiles. It is imported only if a kernel is missing in the cache."""
