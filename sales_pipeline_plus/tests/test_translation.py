from odoo.tests import BaseCase, tagged

from .common_translation import TranslationCase


@tagged("-at_install", "post_install")
class TestTranslation(TranslationCase, BaseCase):
    """The texts of Sales Pipeline Plus in all languages."""

    module = "sales_pipeline_plus"
