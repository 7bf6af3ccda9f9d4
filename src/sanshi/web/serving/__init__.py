"""Serving pages: what every page that a person opens shares, whoever the person is."""
