import logging

import psycopg2
from dateutil.relativedelta import relativedelta
from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, hmac

_logger = logging.getLogger(__name__)

# The hour of the reader's day from which the mail goes out.
MORNING = relativedelta(hours=6)
KEPT_DAYS = 400


class CrmNeglectedMail(models.Model):
    """The mail about neglected deals: one row per recipient, company and period.

    The row is written in the transaction that queues the mail, and the database lets
    only one of them in, so nobody gets the mail twice, whoever sends at the same time.
    """

    _name = "crm.neglected.mail"
    _description = "Mail About Neglected Opportunities"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Recipient",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date_from = fields.Date(
        string="Period From",
        required=True,
        readonly=True,
        help="The first day of the day, week or month that the mail is about.",
    )
    deal_count = fields.Integer(
        string="Neglected Opportunities",
        readonly=True,
        help="Own ones and those of the teams that the recipient leads. No mail was "
        "sent if there was none.",
    )

    _once_per_period = models.Constraint(
        "UNIQUE(user_id, company_id, date_from)",
        "The mail about neglected opportunities is sent once per period.",
    )
    _date_from_idx = models.Index("(date_from)")

    # ------------------------------------------------------------
    # Who gets it, when
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send what is due, one recipient at a time, keeping what is done."""
        due = self._get_due()
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for user, company, date_from in due:
            self._send_once(user, company, date_from)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _get_due(self):
        """Return the list of (user, company, first day of the period) still to do."""
        due = []
        for company in self.env["res.company"].sudo().search([]):
            frequency = company.neglected_deals_frequency
            if frequency == "off":
                continue
            users = self._get_recipients(company)
            last_dates = dict(
                self.sudo()._read_group(
                    [("user_id", "in", users.ids), ("company_id", "=", company.id)],
                    ["user_id"],
                    ["date_from:max"],
                )
            )
            for user in users:
                date_from = self._get_period_start(user, frequency)
                last_date = last_dates.get(user)
                if not last_date or last_date < date_from:
                    due.append((user, company, date_from))
        return due

    @api.model
    def _get_recipients(self, company):
        """Return the users who own open deals of the company or lead their teams."""
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                self.env["crm.lead"]._get_open_opportunity_domain()
                & Domain("company_id", "in", [company.id, False]),
                ["user_id", "team_id"],
            )
        )
        users = self.env["res.users"].sudo()
        for user, team in groups:
            users |= user | team.user_id
        return users.filtered(
            lambda user: (
                user.active
                and not user.share
                and user.neglected_deals_mail
                and user.email
                and company in user.company_ids
            )
        )

    @api.model
    def _get_period_start(self, user, frequency):
        """Return the first day of the user's present day, week (Monday) or month.

        Until the morning it is still the one before.
        """
        today = fields.Date.context_today(
            self.with_context(tz=user.tz or "UTC"), fields.Datetime.now() - MORNING
        )
        if frequency == "weekly":
            return today - relativedelta(days=today.weekday())
        if frequency == "monthly":
            return today.replace(day=1)
        return today

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _send_once(self, user, company, date_from):
        """Queue the mail for one recipient, unless it was sent for that period.

        What fails for one recipient does not keep the mail from the others.
        """
        try:
            with self.env.cr.savepoint():
                self._book(user, company, date_from)._send()
        except psycopg2.errors.UniqueViolation:
            _logger.info("The neglected deals of %s were sent already.", user.login)
        except Exception:
            _logger.exception("The neglected deals of %s were not sent.", user.login)

    @api.model
    def _book(self, user, company, date_from):
        """Insert the row of a recipient and period.

        :raise psycopg2.errors.UniqueViolation: if there is one; another transaction
            that is about to insert it is waited for
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_neglected_mail
                          (user_id, company_id, date_from, deal_count,
                           create_uid, create_date, write_uid, write_date)
                   VALUES (%(user)s, %(company)s, %(date)s, 0,
                           %(uid)s, %(now)s, %(uid)s, %(now)s)
                RETURNING id""",
                user=user.id,
                company=company.id,
                date=date_from,
                uid=self.env.uid,
                now=self.env.cr.now(),
            ),
            log_exceptions=False,
        )
        return self.sudo().browse(self.env.cr.fetchone())

    def _send(self):
        """Queue the mail, with what the recipient may read, in his language."""
        self.ensure_one()
        sections = self._get_sections()
        self.deal_count = sum(section["count"] for section in sections)
        if not sections:
            return
        env = self._get_env_of_recipient()
        unsubscribe_url = self._get_unsubscribe_url()
        self.env["mail.mail"].sudo().create(
            {
                "subject": env._("Neglected opportunities: %s", self.deal_count),
                "body_html": self._render(sections, unsubscribe_url),
                "email_from": self.company_id.email_formatted
                or self.env.user.email_formatted,
                "author_id": self.company_id.partner_id.id,
                "email_to": self.user_id.email_formatted,
                "auto_delete": True,
                "headers": {
                    "List-Unsubscribe": f"<{unsubscribe_url}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    "X-Auto-Response-Suppress": "OOF",
                },
            }
        )

    def _render(self, sections, unsubscribe_url):
        env = self._get_env_of_recipient()
        frequencies = self.company_id._fields["neglected_deals_frequency"]
        labels = dict(frequencies._description_selection(env))
        return env["ir.qweb"]._render(
            "sales_pipeline_plus.neglected_deals_mail",
            {
                "company": self.company_id,
                "user": self.user_id,
                "date": format_date(env, self.date_from),
                "frequency": labels[self.company_id.neglected_deals_frequency],
                "sections": sections,
                "unsubscribe_url": unsubscribe_url,
                "button_color": self.company_id.email_secondary_color or "#875A7B",
                "button_text_color": self.company_id.email_primary_color or "#FFFFFF",
            },
            lang=self.user_id.lang,
        )

    # ------------------------------------------------------------
    # Turning it off
    # ------------------------------------------------------------

    @api.model
    def _get_unsubscribe_token(self, user_id):
        """Return what proves that a link to turn the mails off comes from us."""
        return hmac(self.env(su=True), "neglected-deals-mail", user_id)

    def _get_unsubscribe_url(self):
        user_id = self.user_id.id
        values = {"user_id": user_id, "token": self._get_unsubscribe_token(user_id)}
        return self._get_url(f"/crm/neglected-deals/unsubscribe?{url_encode(values)}")

    @api.autovacuum
    def _gc_old_rows(self):
        limit = fields.Date.today() - relativedelta(days=KEPT_DAYS)
        self.sudo().search([("date_from", "<", limit)], limit=10000).unlink()
