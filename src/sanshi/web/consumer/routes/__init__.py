"""Routes of the consumer pages: each reads a form, performs flows, and shows or leads on."""
