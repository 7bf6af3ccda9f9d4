"""Routes of the workbench; each says which roles may take it."""
