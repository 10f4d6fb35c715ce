// Nothing of its own: its target makes the precompiled header that others use.
