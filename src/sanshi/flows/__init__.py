"""Use cases, one a file: read, compute with the core, return `Effects`; never write."""
