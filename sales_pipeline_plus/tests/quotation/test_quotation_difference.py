import doctest

from odoo.tests import BaseCase, tagged

from ...models.quotation import quotation_difference


@tagged("post_install", "-at_install")
class TestQuotationDifference(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(quotation_difference).failed)
