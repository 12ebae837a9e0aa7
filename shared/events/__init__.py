"""Events: written with the change that makes them true, handled once in effect."""
