"""The data types of ports: one file for each family."""
