from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import GuardCase


@tagged("post_install", "-at_install")
class TestDialogs(GuardCase):
    """No dialog of ours takes a record that its user may not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        abroad = cls.other_company.id
        campaign = cls._new_campaign(
            cls.foreigner, title="Secret 2025", date_start="2025-03-01"
        )
        team = cls.env["crm.team"].create({"name": "Abroad", "company_id": abroad})
        cls.hidden = {
            "sales.campaign": campaign,
            "sales.campaign.goal": cls.env["sales.campaign.goal"].create(
                {
                    "name": "Secret",
                    "campaign_id": campaign.id,
                    "counting": "manual",
                    "target": 5,
                }
            ),
            "crm.lead": cls.env["crm.lead"].create(
                {
                    "name": "Secret",
                    "type": "opportunity",
                    "company_id": abroad,
                    "team_id": team.id,
                    "user_id": cls.foreigner.id,
                }
            ),
            "crm.team": team,
            "crm.pipeline": cls.pipeline.copy({"company_id": abroad}),
            "res.partner": cls.env["res.partner"].create(
                {"name": "Secret", "company_id": abroad}
            ),
            "res.users": cls.foreigner,
        }

    def _iter_taken(self, user):
        """Give (dialog, field) of what could take a record hidden from the user."""
        for name in self._get_own_models():
            dialog = self.env[name].with_user(user)
            if not dialog.is_transient() or not dialog.has_access("create"):
                continue
            for field in dialog._fields.values():
                hidden = self.hidden.get(field.comodel_name)
                if hidden and field.store:
                    if not hidden.with_user(user).has_access("read"):
                        yield dialog, field, hidden

    def test_no_dialog_takes_what_is_hidden(self):
        seen = set()
        for user in (self.salesman, self.manager):
            for dialog, field, hidden in self._iter_taken(user):
                value = hidden.id
                if field.type != "many2one":
                    value = [Command.set(hidden.ids)]
                values = {field.name: value}
                seen.add(dialog._name)
                with self.subTest(user=user.login, field=str(field)):
                    with self.assertRaises(AccessError):
                        dialog.create(values)
                    with self.assertRaises(AccessError):
                        dialog.onchange(values, [field.name], {field.name: {}})
        self.assertLessEqual(
            {
                "crm.lead.hand.over",
                "crm.lead.reopen",
                "crm.lead.stage.override",
                "crm.pipeline.move",
                "crm.workbook.export",
                "sales.campaign.goal.share",
                "sales.campaign.link",
                "sales.campaign.meet",
                "sales.campaign.pattern.apply",
                "sales.campaign.repeat",
            },
            seen,
        )

    def test_defaults_and_lines(self):
        campaign, goal = (
            self.hidden["sales.campaign"],
            self.hidden["sales.campaign.goal"],
        )
        as_salesman = self.env["sales.campaign.repeat"].with_user(self.salesman)
        by_default = as_salesman.with_context(default_campaign_id=campaign.id)
        with self.assertRaises(AccessError):
            by_default.create({})
        with self.assertRaises(AccessError):
            by_default.onchange({}, [], {"campaign_id": {}, "title": {}})
        dialog = as_salesman.create({"campaign_id": self.campaign.id})
        with self.assertRaises(AccessError):
            dialog.write({"campaign_id": campaign.id})
        apply = self.env["sales.campaign.pattern.apply"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            apply.onchange(
                {"line_ids": [Command.create({"goal_id": goal.id})]}, ["line_ids"], {}
            )
