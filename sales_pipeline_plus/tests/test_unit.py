from odoo.tests import HttpCase, tagged

from .common_unit import UnitMixin


@tagged("post_install", "-at_install")
class TestUnit(UnitMixin, HttpCase):
    """The components of Sales Pipeline Plus."""

    module = "sales_pipeline_plus"
