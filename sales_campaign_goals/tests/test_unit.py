from odoo.tests import tagged

from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase
from odoo.addons.sales_pipeline_plus.tests.common_unit import UnitMixin


@tagged("post_install", "-at_install")
class TestUnit(UnitMixin, PatientCase):
    """The components of Sales Campaign Goals."""

    module = "sales_campaign_goals"
