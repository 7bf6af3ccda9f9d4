"""Stories and, later, a demo city: everything is made by running the flows, never by rows."""
