"""Work that runs by itself: sending what waits, enquiring what is open, closing the day."""
