from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestTimeZone(PipelineCase):
    """The company's time zone is cached until what it comes from changes."""

    def assertZone(self, name, company=None):
        self.assertEqual((company or self.company)._get_time_zone().zone, name)

    def test_follows(self):
        calendar = self.company.resource_calendar_id
        self.company.partner_id.tz = False
        calendar.tz = "Europe/Paris"
        self.assertZone("Europe/Paris")
        calendar.tz = "Asia/Tokyo"
        self.assertZone("Asia/Tokyo")
        self.company.partner_id.tz = "America/New_York"
        self.assertZone("America/New_York")
        self.company.partner_id = self.env["res.partner"].create(
            {"name": "New address", "tz": "Europe/London"}
        )
        self.assertZone("Europe/London")
        self.company.partner_id.tz = False
        other = calendar.copy({"tz": "Indian/Reunion"})
        self.company.resource_calendar_id = other
        self.assertZone("Indian/Reunion")

    def test_merged_address(self):
        """Merging contacts moves the address of the company by SQL."""
        address = self.company.partner_id
        address.tz = "Europe/Paris"
        self.assertZone("Europe/Paris")
        other = self.env["res.partner"].create(
            {"name": "Other address", "tz": "Asia/Tokyo", "email": address.email}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((address + other).ids, other, extra_checks=False)
        self.assertEqual(self.company.partner_id, other)
        self.assertZone("Asia/Tokyo")

    def test_unsaved(self):
        self.company.partner_id.tz = "Europe/Rome"
        draft = self.env["res.company"].new(origin=self.company)
        self.assertZone("Europe/Rome", draft)

    def test_no_query(self):
        self.company._get_time_zone()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.company._get_time_zone()
