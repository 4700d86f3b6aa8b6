from odoo.tests import BaseCase, tagged

from odoo.addons.sales_pipeline_plus.tests.common_translation import TranslationCase


@tagged("-at_install", "post_install")
class TestTranslation(TranslationCase, BaseCase):
    """The texts of Sales Campaign Goals in all languages."""

    module = "sales_campaign_goals"
