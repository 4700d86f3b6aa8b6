from . import test_customer_figures
