import ast
import io
from pathlib import Path
from unittest.mock import patch
from zipfile import ZipFile

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.modules import get_module_path
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GuardCase
from .introspection import ADDONS, get_models
from .table import Table

# What only the deal of ``own`` is called and worth.
NAME, AMOUNT = "Zephyr", 7654321
# Who sends something, and to whom, or the test that says it.
SENDERS = {
    "crm_history_import_run._notify_user": "the user who imports",
    "crm_lead_approval_decision._notify_decision": "who asked for the approval",
    "crm_lead_collaborator._notify_collaborators": "collaborators, who see the deal",
    "crm_lead_limit._notify_out_of_standard": "test_mails",
    "crm_lead_wake_up_job._notify_wake_up": "who is in charge of the deal",
    "crm_neglected_mail._send": "test_mails",
    "crm_pipeline_move_background._notify_user": "the user who moves",
    "crm_workbook._tell_user": "the user of the workbook",
    "crm_workbook_recipient._send": "test_workbook, with the rights of the recipient",
    "res_users._send_care_mail": "who is in charge of the customer, with his rights",
    "sales_campaign_meet._log_meeting": "a note on the company that the user adds",
    "sales_campaign_reminder_give._remind_user": "who may read the campaign",
}


@tagged("post_install", "-at_install")
class TestRoleContents(GuardCase):
    """What each role gets to read in exports, goals, workbooks and mails.

    All of them are found by introspection, as in ``TestRoleMatrix``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal.write({"name": NAME, "expected_revenue": AMOUNT})
        cls.deal._link_campaigns(cls.campaign)
        cls.env.flush_all()

    # ------------------------------------------------------------
    # Exports
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_exports(self):
        """``yes`` for each field that an export of the record of ``own`` gives to who
        may export at all."""
        for user in self.roles.values():
            if user._is_internal():
                user.sudo().group_ids += self.env.ref("base.group_allow_export")
        rows = {}
        for model, names in self._get_exported_fields().items():
            record = self._get_exported_record(model)
            allowed = [
                self._get_exportable(self._get_met(user, record), names)
                for user in self.roles.values()
            ]
            for name in names:
                rows[f"{model}.{name}"] = tuple(
                    "yes" if name in found else "-" for found in allowed
                )
        Table("roles_exports.txt", list(self.roles)).check(self, rows)

    def _get_exported_fields(self):
        """Return {model: names} of the fields of ours that Odoo lets be exported."""
        own = set(get_models(self.env))
        found = {}
        for model, records in self.env.items():
            if records._abstract or records._transient:
                continue
            names = [
                name
                for name, field in sorted(records._fields.items())
                if field.exportable
                and (model in own or set(field._modules) & set(ADDONS))
                and name not in MAGIC_COLUMNS
            ]
            if names:
                found[model] = names
        return dict(sorted(found.items()))

    def _get_exported_record(self, model):
        others = {
            "account.bank.statement.line": lambda: self.env[model],
            "account.move": lambda: self._new_invoice(self._new_order(self.deal)),
            "calendar.event": lambda: self._new_meeting(self.deal),
            "crm.stage": lambda: self.stage,
            "crm.team": lambda: self.team,
            "digest.digest": lambda: self.env[model].search([], limit=1),
            "mail.activity.type": lambda: self.env[model].search([], limit=1),
            "res.company": lambda: self.company,
            "res.partner": lambda: self.partner,
            "res.users": lambda: self.owner,
            "res.users.settings": lambda: self.env[model]._find_or_create_for_user(
                self.owner
            ),
            "sale.order": lambda: self._new_order(self.deal),
            "utm.campaign": lambda: self.campaign.utm_campaign_id,
        }
        if model in others:
            return others[model]()
        return self.records.get(model, self.env[model])

    def _get_met(self, user, record):
        """Return the record as the user meets it; of a report, of which the rows are
        others for each user, the user's own row about the salesperson ``own``."""
        record = self._as(user, record)
        if record._auto or not record.has_access("read"):
            return record
        return record.search([("user_id", "=", self.owner.id)], limit=1)

    def _get_exportable(self, record, names):
        """Return those of the names that an export of the record gives."""
        if not record or not record.has_access("read"):
            return set()
        try:
            record.export_data(names)
        except UserError:
            return set().union(
                *(self._get_exportable(record, [name]) for name in names)
                if len(names) > 1
                else ()
            )
        return set(names)

    # ------------------------------------------------------------
    # Goals
    # ------------------------------------------------------------

    def test_goals(self):
        """What each role reads of a goal that counts the records of ``own``, by who
        has defined it: the same number for everybody who may read the campaign."""
        rows = {}
        for model in self.env["sales.campaign.mixin"]._get_campaign_models():
            record = self._get_counted_record(model)
            record.sudo()._link_campaigns(self.campaign)
            for who in ("manager", "own", "colleague"):
                self.campaign.sudo().member_ids = [Command.set(self.colleague.ids)]
                goals = self.env["sales.campaign.goal"].with_user(self.roles[who])
                goal = goals.create(
                    {
                        "name": f"{model} {who}",
                        "campaign_id": self.campaign.id,
                        "res_model": model,
                        "target": 5,
                    }
                )
                self.env.flush_all()
                rows[f"{model}.{who}"] = tuple(
                    self._get_value(self._as(user, goal), "current")
                    for user in self.roles.values()
                )
        Table("roles_goals.txt", list(self.roles)).check(self, rows)

    def _get_counted_record(self, model):
        return {
            "account.move": lambda: self._new_invoice(self._new_order()),
            "calendar.event": lambda: self._new_meeting(privacy="private"),
            "crm.lead": lambda: self.deal,
            "res.partner": lambda: self.partner,
            "sale.order": self._new_order,
        }[model]()

    def _get_value(self, record, name):
        self.env.invalidate_all()
        try:
            return f"{record.read([name])[0][name]:g}"
        except AccessError:
            return "-"

    # ------------------------------------------------------------
    # Workbook
    # ------------------------------------------------------------

    def test_workbook(self):
        """What each sheet tells of the deal of ``own``: its name, its amount, both."""
        rows = {}
        writer = self.env["crm.kpi.workbook"]
        for sheet in writer._get_sheets():
            name = sheet.__name__
            rows[name] = tuple(
                self._get_told(user, name) for user in self.roles.values()
            )
        Table("roles_workbook.txt", list(self.roles)).check(self, rows)

    def _get_told(self, user, name):
        writer = self._as(user, self.env["crm.kpi.workbook"])
        target = io.BytesIO()
        self.env.invalidate_all()
        try:
            with patch.object(
                type(writer),
                "_get_sheets",
                lambda writer: [writer._write_cover, getattr(writer, name)],
            ):
                writer._write_workbook(target)
        except AccessError:
            return "-"
        with ZipFile(target) as book:
            text = "".join(
                book.read(part).decode()
                for part in book.namelist()
                if part.endswith(".xml")
            )
        told = [
            word
            for word, sign in (("name", NAME), ("amount", str(AMOUNT)))
            if sign in text
        ]
        return "both" if len(told) == 2 else "".join(told) or "yes"

    # ------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------

    def test_mails(self):
        """``yes`` where the mail that the role would get names the deal of ``own``,
        and the number that the digest gives."""
        rows = {}
        mails = {
            "neglected": self._get_neglected,
            "out_of_standard": self._get_out_of_standard,
        }
        for name, get_text in mails.items():
            rows[name] = tuple(
                "yes" if NAME in get_text(user) else "-" for user in self.roles.values()
            )
        digests = self.env["digest.digest"]
        for name, field in digests._fields.items():
            if name.endswith("_value") and set(field._modules) & set(ADDONS):
                rows[f"digest.{name}"] = tuple(
                    self._get_figure(user, name) for user in self.roles.values()
                )
        Table("roles_mails.txt", list(self.roles)).check(self, rows)

    def _get_neglected(self, user):
        mails = self.env["crm.neglected.mail"].sudo()
        found = mails.search([("user_id", "=", user.id)])
        mail = found or mails.create(
            {
                "user_id": user.id,
                "company_id": user.company_id.id,
                "date_from": fields.Date.today(),
            }
        )
        self.deal.sudo().team_id.user_id = user
        return str(mail[:1]._get_sections())

    def _get_out_of_standard(self, user):
        sent = self.env["mail.message"].sudo()
        known = sent.search([("partner_ids", "in", user.partner_id.ids)])
        self.deal.sudo()._notify_out_of_standard(user)
        new = sent.search([("partner_ids", "in", user.partner_id.ids)]) - known
        return "".join(new.mapped("body"))

    def _get_figure(self, user, name):
        digest = self.env["digest.digest"].search([], limit=1)
        self.env.invalidate_all()
        try:
            value = self._as(user, digest).sudo(False)[name]
        except AccessError:
            return "-"
        return f"{value:g}"

    def test_senders(self):
        """Whatever sends something is listed with who gets it."""
        found = set()
        for addon in ADDONS:
            root = Path(get_module_path(addon))
            for path in sorted(root.rglob("*.py")):
                if "tests" not in path.relative_to(root).parts:
                    found |= _get_senders(path)
        self.assertEqual(found, set(SENDERS))


def _get_senders(path):
    """Return the names of the functions in a file that send a message or a mail."""
    return {
        f"{path.stem}.{function.name}"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr in ("message_notify", "message_post", "send_mail")
        or isinstance(node, ast.Constant)
        and node.value in ("mail.mail", "mail.template")
    }
