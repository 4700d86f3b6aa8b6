"""What only our own code can say in a context.

A context can come from outside, this object cannot: `context[key] is INTERNAL` tells
what our own code says about its own calls.
"""

INTERNAL = object()
