"""The databases (one schema, one writer, atomic effects) and the pack files."""
