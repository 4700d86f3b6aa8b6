from unittest.mock import patch

from odoo.tests import tagged

from .test_history_import import HistoryImportCase

RUN = "odoo.addons.sales_pipeline_plus.wizard.crm_history_import_run"


@tagged("post_install", "-at_install")
class TestHistoryKept(HistoryImportCase):
    """What a history told outlives the deals and the people that it speaks of."""

    def _describe_changes(self, domain):
        return sorted(
            (change.external_id, change.date, change.amount, change.stage_id.id)
            for change in self.env["crm.lead.change"].search(domain)
        )

    def _describe_facts(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            sorted(
                (fact.former_lead_id, fact[date], fact.amount, fact.stage_id.id)
                for fact in self.env[model].search([("is_from_history", "=", True)])
            )
            for model, date in (
                ("crm.lead.passage", "date_in"),
                ("crm.forecast.snapshot", "date"),
            )
        ]

    def _merge(self):
        """Return the survivor of two open deals, and the number of the other one."""
        deals = (self.grinder + self.oil).with_user(self.manager)
        survivor = deals.merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        return survivor.with_env(self.env), (deals - survivor).id

    def test_merge(self):
        """The survivor takes over what is known of the merged one, and importing its
        own history again leaves that alone."""
        self._bring_in("history_salesforce.csv")
        names = {deal.id: deal.name for deal in self.deals}
        changes = self._describe_changes([])
        survivor, gone_id = self._merge()
        taken = self.env["crm.lead.change"].search([("former_lead_id", "=", gone_id)])
        self.assertEqual(taken.lead_id, survivor)
        self.assertEqual(set(taken.mapped("deal_name")), {names[gone_id]})
        self.assertEqual(self._describe_changes([]), changes)
        facts = self._describe_facts()
        self.assertTrue(any(fact[0] == gone_id for fact in facts[0]))
        self._bring_in("history_salesforce.csv")
        self.assertEqual(self._describe_facts(), facts)
        self.assertEqual(self._describe_changes([]), changes)

    def test_same_number_in_both(self):
        content = (
            b"History ID,Deal ID,Stage,Amount,Date\n"
            b"7,105,Contact made,5,2025-09-01\n7,106,Request,5,2025-09-01\n"
        )
        self._bring_in("numbers.csv", content)
        survivor, _gone_id = self._merge()
        changes = self.env["crm.lead.change"].search([])
        self.assertEqual((changes.lead_id, len(changes)), (survivor, 2))

    def test_deleted(self):
        """Of a deleted deal they stay, for who could see it."""
        self.deals.sudo().company_id = self.company
        self._bring_in("history_pipedrive.csv")
        changes = self.env["crm.lead.change"].search([("lead_id", "=", self.lathe.id)])
        number, name = self.lathe.id, self.lathe.name
        self.lathe.sudo().unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(len(changes.exists()), 9)
        self.assertEqual(set(changes.mapped("deal_name")), {name})
        self.assertEqual(set(changes.mapped("former_lead_id")), {number})
        self.assertEqual(changes.company_id, self.company)
        found = self.env["crm.lead.change"].with_user(self.foreigner).search([])
        self.assertFalse(found & changes)
        found = self.env["crm.lead.change"].with_user(self.manager).search([])
        self.assertEqual(found & changes, changes)

    def test_who_changed_it(self):
        self._bring_in("history_pipedrive.csv")
        changes = self.env["crm.lead.change"].search(
            [("lead_id", "=", self.inserts.id)]
        )
        self.deals.sudo().user_id = self.manager
        self.nadia.unlink()
        self.env.flush_all()
        self.assertFalse(changes.user_id)
        self.assertEqual(set(changes.mapped("user_name")), {"Nadia Benali"})

    def test_import_of_someone_who_left(self):
        """It is given up, and does not go on with more rights than its user had."""
        with patch(f"{RUN}.MAX_AT_ONCE", 1):
            wizard = self._open("history_pipedrive.csv", user=self.other_manager)
            wizard.action_import()
        cron_class = self.env.registry["ir.cron"]
        wizard = wizard.with_env(self.env).sudo()
        for is_deleted in (False, True):
            wizard.write({"state": "running", "failures": False})
            if is_deleted:
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE crm_history_import SET create_uid = NULL WHERE id = %s",
                    [wizard.id],
                )
                self.env.invalidate_all()
            else:
                self.other_manager.active = False
            with patch.object(cron_class, "_commit_progress", lambda *a, **k: 60):
                self.env["crm.history.import"]._cron_import()
            self.assertEqual((wizard.state, wizard.done_count), ("failed", 0))
            self.assertIn("no longer a user", wizard.failures)
        self.assertFalse(self.env["crm.lead.change"].search([]))
