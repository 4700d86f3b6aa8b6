from datetime import date, datetime

from odoo.tests import tagged

from .test_history_import import HistoryImportCase

# What each file says: deal, stage, amount, decision date, moment in UTC
SAID = [
    ("101", "Contact made", 130000.5, date(2025, 6, 13), datetime(2025, 3, 3, 8, 12)),
    ("101", "Offer sent", 1250000, date(2025, 7, 1), datetime(2025, 4, 28, 14, 45)),
    ("102", "Request", 33.33, date(2025, 8, 1), datetime(2025, 4, 7, 22, 30)),
]
FORMATS = {
    "Excel in France": (
        "windows-1252",
        "Identifiant externe;Étape;Montant;Clôture prévue;Date de modification\n"
        "101;Contact made;130 000,50 €;13/06/2025;03/03/2025 09:12\n"
        "101;Offer sent;1 250 000,00 €;01/07/2025;28/04/2025 16:45:00\n"
        "102;Request;33,33 €;01/08/2025;08/04/2025 00:30\n",
    ),
    "Excel with a mark at its beginning": (
        "utf-8-sig",
        "Deal ID;Étape;Montant;Clôture prévue;Date\n"
        "101;Contact made;130.000,50;13.06.2025;03.03.2025 09:12\n"
        "101;Offer sent;1.250.000,00;01.07.2025;28.04.2025 16:45\n"
        # Cut off where nothing follows
        "102;Request;33,33;01.08.2025;08.04.2025 00:30;\n",
    ),
    "Unicode text of Excel": (
        "utf-16",
        "Deal ID\tStage\tAmount\tClose date\tDate\n"
        "101\tContact made\t130000,5\t2025-06-13\t2025-03-03 09:12:00\n"
        "101\tOffer sent\t1250000\t2025-07-01\t2025-04-28 16:45:00\n"
        "102\tRequest\t33,33\t2025-08-01\t2025-04-08 00:30:00\n",
    ),
    "Salesforce in America": (
        "utf-8",
        "Opportunity ID,To Stage,Amount,Close Date,Last Modified\n"
        '101,Contact made,"USD 130,000.50",6/13/2025,3/3/2025 9:12 AM\n'
        '101,Offer sent,"USD 1,250,000.00",7/1/2025,4/28/2025 4:45 PM\n'
        "102,Request,USD 33.33,8/1/2025,4/8/2025 12:30 AM\n",
    ),
    "HubSpot with zones": (
        "utf-8",
        "Record ID,Stage,Amount,Close date,Timestamp\n"
        "101,Contact made,130000.5,2025-06-13,2025-03-03T08:12:00.000Z\n"
        "101,Offer sent,1250000,2025-07-01,2025-04-28T07:45:00-07:00\n"
        "102,Request,33.33,2025-08-01,2025-04-08T10:30:00+12:00\n",
    ),
}


@tagged("post_install", "-at_install")
class TestHistoryFormats(HistoryImportCase):
    """The same history, as the programs of several countries export it."""

    def test_formats(self):
        deals = {"101": self.lathe, "102": self.inserts}
        for name, (encoding, text) in FORMATS.items():
            with self.subTest(name), self.cr.savepoint() as savepoint:
                wizard = self._bring_in(
                    "history.csv", text.encode(encoding), tz="Europe/Paris"
                )
                self.assertFalse(wizard.problems)
                self.assertEqual(len(self.env["crm.lead.change"].search([])), 3)
                for number, stage, amount, deadline, moment in SAID:
                    change = self.env["crm.lead.change"].search(
                        [("lead_id", "=", deals[number].id), ("date", "=", moment)]
                    )
                    self.assertEqual(
                        (change.stage_id.name, change.amount, change.date_deadline),
                        (stage, amount, deadline),
                    )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_far_zones(self):
        """A day without a time is the company's, wherever the importer sits."""
        content = (
            b"Deal ID,Stage,Amount,Close date,Date\n"
            b"101,Contact made,5,2025-06-13,2025-03-03\n"
        )
        for home, noon in (
            ("Europe/Paris", datetime(2025, 3, 3, 11)),
            ("Pacific/Auckland", datetime(2025, 3, 2, 23)),
        ):
            (self.company + self.deals.company_id).partner_id.tz = home
            for zone in ("Pacific/Auckland", "America/Los_Angeles", "Europe/Paris"):
                with self.subTest(home=home, zone=zone):
                    self.manager.tz = zone
                    self._bring_in("days.csv", content)
                    change = self.env["crm.lead.change"].search([])
                    self.assertEqual(
                        (change.date, change.date_deadline), (noon, date(2025, 6, 13))
                    )
