"""Plans for a purchase: schedule, cost, disclosure, affordability, certificate, three fits."""
