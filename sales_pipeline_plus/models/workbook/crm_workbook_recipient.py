import logging
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ...tools.jobs import run_part

_logger = logging.getLogger(__name__)


class CrmWorkbookRecipient(models.Model):
    """Someone who gets the workbook of the past month by e-mail.

    Each with their own rights, language and companies.
    """

    _name = "crm.workbook.recipient"
    _inherit = ["crm.kept.mixin", "crm.naming.mixin"]
    _kept_fields = frozenset({"date_since"})
    _description = "Monthly Workbook by E-Mail"
    _rec_name = "user_id"
    _order = "user_id, id"

    user_id = fields.Many2one(
        "res.users",
        string="Recipient",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="The workbook is about this company, in its currency.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        ondelete="restrict",
        help="Leave empty for all teams.",
    )
    day = fields.Integer(
        "Day of the Month",
        default=1,
        required=True,
        help="From this day on, 1 to 28, the workbook of the past month is sent.",
    )
    active = fields.Boolean(default=True)
    date_since = fields.Date(
        default=fields.Date.context_today,
        required=True,
        readonly=True,
        help="Months that ended before are not sent.",
    )
    workbook_ids = fields.One2many("crm.workbook", "recipient_id", string="Workbooks")

    _user_company_uniq = models.Constraint(
        "UNIQUE(user_id, company_id)",
        "This recipient gets the workbook of this company already.",
    )
    _day_range = models.Constraint(
        "CHECK(day BETWEEN 1 AND 28)",
        "The day of the month is a number from 1 to 28, so that each month has it.",
    )

    @api.constrains("user_id", "company_id")
    def _check_rights(self):
        for recipient in self:
            user = recipient.user_id
            if not user.has_group("sales_team.group_sale_salesman"):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot get the workbook: they have no access to "
                        "sales. Give them a role in sales first.",
                        user=user.name,
                    )
                )
            if recipient.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot get the workbook of %(company)s: it is not "
                        "one of their companies.",
                        user=user.name,
                        company=recipient.company_id.name,
                    )
                )

    @api.model
    def _add_due_workbooks(self):
        """Ask for the workbooks of the past month that nobody asked for yet.

        The database keeps one row for each recipient and month, so that a job that is
        repeated, or runs twice at once, adds nothing.
        """
        today = fields.Date.context_today(self)
        month = today.replace(day=1) - relativedelta(months=1)
        end = month + relativedelta(months=1, days=-1)
        for recipient in self.search(
            [("day", "<=", today.day), ("date_since", "<=", today.replace(day=1))]
        ):
            filters = {
                "period": {
                    "start": fields.Date.to_string(month),
                    "end": fields.Date.to_string(end),
                },
                "team_ids": recipient.team_ids.ids,
            }
            run_part(
                self.env,
                _logger,
                partial(recipient._add_workbook, filters, month),
                f"The workbook of recipient {recipient.id}",
            )

    def _add_workbook(self, filters, month):
        """Ask for the workbook of a month, unless that was done before."""
        self.ensure_one()
        ids = self.env.execute_query(
            SQL(
                """INSERT INTO crm_workbook (name, user_id, state, recipient_id,
                                            month, create_uid, create_date)
                   VALUES (%s, %s, 'pending', %s, %s, %s, %s)
              ON CONFLICT (recipient_id, month) DO NOTHING RETURNING id""",
                self._get_name(filters),
                self.user_id.id,
                self.id,
                month,
                self.env.uid,
                fields.Datetime.now(),
            )
        )
        workbooks = self.env["crm.workbook"].browse(id_ for (id_,) in ids)
        workbooks.write({"filters": filters, "company_ids": self.company_id.ids})

    def _get_name(self, filters):
        self.ensure_one()
        user = self.user_id
        writer = self.env["crm.kpi.workbook"].with_user(user)
        return writer.with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids
        )._get_file_name(filters)

    def _send(self, workbook):
        """Queue the e-mail with the workbook, in its user's language."""
        self.ensure_one()
        month = format_date(workbook.env, workbook.month, date_format="MMMM yyyy")
        self.env["mail.mail"].sudo().create(
            {
                "subject": workbook.env._(
                    "Sales figures of %(month)s, %(company)s",
                    month=month,
                    company=self.company_id.name,
                ),
                "email_from": self.company_id.email_formatted
                or self.env.user.email_formatted,
                "recipient_ids": [fields.Command.set(self.user_id.partner_id.ids)],
                "body_html": workbook.env["ir.qweb"]._render(
                    "sales_pipeline_plus.workbook_mail_body",
                    {"workbook": workbook, "month": month, "recipient": self},
                ),
                "attachment_ids": [fields.Command.set(workbook.attachment_id.ids)],
                "auto_delete": False,
            }
        )
