"""Pages: server-rendered HTML for people, made from the answers of flows and nothing else."""
