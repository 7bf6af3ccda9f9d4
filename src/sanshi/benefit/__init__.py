"""Benefits: who pays what of a purchase, when, and how surely; claims on those who fund them."""
