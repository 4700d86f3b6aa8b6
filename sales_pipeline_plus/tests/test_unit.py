from odoo.tests import tagged

from .common_tour import PatientCase
from .common_unit import UnitMixin


@tagged("post_install", "-at_install")
class TestUnit(UnitMixin, PatientCase):
    """The components of Sales Pipeline Plus."""

    module = "sales_pipeline_plus"
