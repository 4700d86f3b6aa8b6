from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_import_file import ImportFileCase

PIPELINE = "Equipment and engineering"


@tagged("post_install", "-at_install")
class TestImportMissing(ImportFileCase):
    """What a file names and Odoo does not have: named for all rows, and created."""

    def _get_missing(self, result):
        (message,) = (m for m in result["messages"] if "missing" in m)
        return {each["path"]: each for each in message["missing"]}

    def test_offer(self):
        header = "Opportunity,Customer,Pipeline,Salesperson E-mail,Source,Tags,Product"
        rows = [
            f'Deal {n},Client {n % 3},{PIPELINE},ghost@example.com,Fair,"New, Old",Oil'
            for n in range(5)
        ]
        content = "\n".join([header, *rows]).encode()
        group = self.env.ref("product.group_product_manager")
        self.manager.group_ids = [Command.link(group.id)]
        result, _preview = self._import("deals.csv", content)
        missing = self._get_missing(result)
        self.assertEqual(
            {
                path: (each["names"], each["can_create"])
                for path, each in missing.items()
            },
            {
                "partner_id": (["Client 0", "Client 1", "Client 2"], True),
                "user_id": (["ghost@example.com"], False),
                "source_id": (["Fair"], True),
                "tag_ids": (["New", "Old"], True),
                "product_line_ids/product_id": (["Oil"], True),
            },
        )
        self.assertEqual(missing["partner_id"]["count"], 3)
        paths = [path for path, each in missing.items() if each["can_create"]]
        content = content.replace(b"ghost@example.com", b"pipeline_claire")
        deals = self._import_deals("deals.csv", content, create_names=paths)
        self.assertEqual(
            set(deals.mapped("partner_id.name")), {"Client 0", "Client 1", "Client 2"}
        )
        self.assertEqual(len(deals.partner_id), 3)
        self.assertEqual(set(deals.tag_ids.mapped("name")), {"New", "Old"})
        self.assertEqual(deals.product_line_ids.product_id.name, "Oil")
        self.assertEqual(deals.source_id.name, "Fair")

    def test_a_test_creates_nothing(self):
        content = f"Opportunity,Customer,Pipeline\nDeal,Client,{PIPELINE}".encode()
        result, _preview = self._import(
            "deals.csv", content, dryrun=True, create_names=["partner_id"]
        )
        self.assertFalse(result["messages"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Client")]))

    def test_rights(self):
        """Only what the reader may create is offered, and created."""
        content = (
            f"Opportunity,Customer,Pipeline,Status,Lost Reason\n"
            f"Deal,Client,{PIPELINE},Lost,Too late"
        ).encode()
        for created in ((), ("partner_id", "lost_reason_id")):
            result, _preview = self._import(
                "deals.csv", content, user=self.salesman, create_names=created
            )
            missing = self._get_missing(result)
            self.assertFalse(missing["lost_reason_id"]["can_create"])
            self.assertEqual("partner_id" in missing, not created)
            self.assertIn(
                "nor is what you may not create", result["messages"][-1]["message"]
            )
        self.assertFalse(
            self.env["crm.lost.reason"].search([("name", "=", "Too late")])
        )
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Client")]))

    def test_missing_in_a_later_batch(self):
        """A file is refused as a whole before its first batch comes in."""
        header = "Opportunity,Customer,Pipeline"
        known = self.env["res.partner"].create({"name": "Known client"})
        rows = [f"Deal {n},{known.name},{PIPELINE}" for n in range(4)]
        content = "\n".join([header, *rows, f"Last,Client,{PIPELINE}"]).encode()
        result, _preview = self._import("deals.csv", content, limit=2)
        self.assertFalse(result["ids"])
        self.assertEqual(list(self._get_missing(result)), ["partner_id"])
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Deal 0")]))

    def test_refused_row_spoils_no_other(self):
        """A row that is refused does not take away what others name."""
        content = (
            "Opportunity,Customer,Pipeline,Stage,Status\n"
            f"One,Client 1,{PIPELINE},Offer sent,Open\n"
            f"Two,Client 2,{PIPELINE},Won,Lost\n"
            f"Three,Client 1,{PIPELINE},Offer sent,Open\n"
            f"Four,Client 3,{PIPELINE},Offer sent,Open\n"
        ).encode()
        result, _preview = self._import(
            "deals.csv", content, create_names=["partner_id"]
        )
        for message in result["messages"]:
            self.assertIn("“Two”: “Won” is a won stage", message["message"])
        self.assertFalse(self.env["res.partner"].search([("name", "like", "Client %")]))

    def test_lost_reason(self):
        """What was lost in the past needs none; the others are named at once."""
        self.machines.lost_reason_required = True
        content = (
            "Opportunity,Pipeline,Status,Lost Reason,Start Date,Closed Date,Customer\n"
            f"Past,{PIPELINE},Lost,,2023-01-05,2023-05-05,\n"
            f"Today,{PIPELINE},Lost,,,,Client\n"
            f"Open,{PIPELINE},Open,,,,\n"
            "Elsewhere,Consumables and spare parts,Lost,,,,\n"
            f"Undated,{PIPELINE},Lost,,2024-01-01,,\n"
        ).encode()
        result, _preview = self._import("deals.csv", content)
        message = result["messages"][-1]["message"]
        self.assertIn("pipeline that asks for one (2): Today, Undated.", message)
        self.assertIn("Contact (1): Client.", message)
        content = content.replace(b"Lost,,,,Client", b"Open,,,,").replace(
            b"Undated", b"Later"
        )
        content = content.replace(b"2024-01-01,,", b"2024-01-01,2024-02-02,")
        deals = self._import_deals("deals.csv", content)
        self.assertEqual(
            deals.mapped("won_status"), ["lost", "pending", "pending", "lost", "lost"]
        )
        past = deals[0].with_user(self.manager)
        past.toggle_active()
        with self.assertRefused(ValidationError, "without a lost reason"):
            past.action_set_lost()

    def test_lost_before_a_reason_was_asked_for(self):
        """The same file again changes nothing of those that are here already."""
        content = (
            f"External ID,Opportunity,Status,Pipeline\ndeal_7,Seven,Lost,{PIPELINE}\n"
        )
        deal = self._import_deals("deals.csv", content.encode())
        self.machines.lost_reason_required = True
        self.assertEqual(self._import_deals("deals.csv", content.encode()), deal)
        content += f"deal_8,Eight,Lost,{PIPELINE}\n"
        result, _preview = self._import("deals.csv", content.encode())
        self.assertIn(
            "pipeline that asks for one (1): Eight.", result["messages"][-1]["message"]
        )

    def test_won_in_the_past(self):
        """What a stage asks for today holds up no deal that was won before."""
        line = self._line(self.machines, self.stages["Won"])
        line.requirement_ids = [Command.create({"field_name": "expected_revenue"})]
        row = f"Deal,{PIPELINE},Won,2023-01-05"
        header = "Opportunity,Pipeline,Status,Start Date,Closed Date\n"
        result, _preview = self._import("deals.csv", f"{header}{row},".encode())
        self.assertIn("without: Expected Revenue", self._get_messages(result))
        deal = self._import_deals("deals.csv", f"{header}{row},2023-05-05".encode())
        self.assertEqual(deal.won_status, "won")
        self.assertFalse(deal.incomplete_since)
