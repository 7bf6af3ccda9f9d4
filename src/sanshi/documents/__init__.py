"""Documents: what a person is shown and confirms, as stored HTML that stands alone."""
