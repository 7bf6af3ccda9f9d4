"""The loan 借据: its state is a pure fold of its terms and events, at any date."""
