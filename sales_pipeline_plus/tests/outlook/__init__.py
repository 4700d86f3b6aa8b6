from . import test_outlook_arithmetic
