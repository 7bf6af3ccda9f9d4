"""HTTP doors: what outside systems call. They use flows, never tables."""
