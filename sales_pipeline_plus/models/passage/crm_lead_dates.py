from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_datetime

from ...tools.days import get_local
from .crm_lead_concern_dates import GIVEN_DATES


class CrmLead(models.Model):
    """Start and closing dates that a sales manager gives, for an imported history.

    Who gives none gets Odoo's: the creation, and the moment of winning or losing.
    """

    _inherit = "crm.lead"

    date_start = fields.Datetime(
        string="Start Date",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        copy=False,
        help="When the opportunity began: its creation, unless a sales manager gives "
        "an earlier date, for example in an import.",
    )
    date_closed = fields.Datetime(
        readonly=False,
        help="When the opportunity was won or lost. A sales manager may give the date "
        "of a past year, for example in an import.",
    )

    # The figures of a period look at what began or was closed in it, wherever that lies
    # in the table: what they and the record rules ask is read from the index alone.
    _date_start_idx = models.Index(
        "(date_start) INCLUDE (id, type, won_status, date_closed, company_id, user_id, "
        "team_id, pipeline_id, expected_revenue, campaign_id, source_id, medium_id)"
    )
    _date_closed_idx = models.Index(
        "(date_closed) INCLUDE (id, type, won_status, date_start, company_id, user_id, "
        "team_id, pipeline_id, expected_revenue, partner_id, date_hold_end) "
        "WHERE date_closed IS NOT NULL"
    )

    @api.depends("create_date")
    def _compute_date_start(self):
        for lead in self:
            lead.date_start = lead.date_start or lead.create_date

    @api.depends("date_start")
    def _compute_day_close(self):
        """Count the whole days from the start to the closing date, as Odoo does, by the
        company's clocks: an hour lost in spring is no day less."""
        result = super()._compute_day_close()
        closed = self.filtered("date_closed")
        for company, leads in closed.grouped("company_id").items():
            zone = (company or self.env.company)._get_time_zone()
            for lead in leads:
                start = lead.date_start or lead.create_date
                if start:
                    # Odoo cuts off parts of a second of one of them only: what is won
                    # as it is created would begin after it, and take a day.
                    closed_on = get_local(lead.date_closed, zone)
                    lead.day_close = abs(closed_on - get_local(start, zone)).days
        return result

    @api.model
    def _get_requirable_field_names(self):
        names = super()._get_requirable_field_names()
        return [name for name in names if name not in GIVEN_DATES]

    @api.model
    def _check_may_give_dates(self):
        if not (
            self.env.su or self.env.user.has_group("sales_team.group_sale_manager")
        ):
            raise AccessError(
                self.env._(
                    "Only a sales manager can give the start date or the closing date "
                    "of an opportunity. Leave them out: the start is the creation, and "
                    "the closing date comes when it is won or lost."
                )
            )

    def _check_given_dates(self, is_closing_given):
        """Refuse dates that cannot be.

        :raise ValidationError: naming each opportunity and what is wrong
        """
        if self.env.su:
            return
        errors = []
        now = fields.Datetime.now()
        for lead in self:
            start, closed = lead.date_start, lead.date_closed
            texts = {
                "lead": lead.display_name,
                "start": format_datetime(self.env, start),
                "closed": format_datetime(self.env, closed),
                "created": format_datetime(self.env, lead.create_date),
            }
            if start and start > lead.create_date:
                errors.append(
                    self.env._(
                        "“%(lead)s” cannot start on %(start)s: it has been here since "
                        "%(created)s. Give an earlier start date.",
                        **texts,
                    )
                )
            if not is_closing_given or not closed:
                if start and closed and closed < start.replace(microsecond=0):
                    errors.append(self._get_order_error(texts))
            elif lead.won_status not in ("won", "lost"):
                errors.append(
                    self.env._(
                        "“%(lead)s” has the closing date %(closed)s and is neither won "
                        "nor lost. Give a won stage, or archive it with a probability "
                        "of 0, or leave the closing date out.",
                        **texts,
                    )
                )
            elif closed > now:
                errors.append(
                    self.env._(
                        "“%(lead)s” cannot be closed on %(closed)s, in the future.",
                        **texts,
                    )
                )
            elif start and closed < start.replace(microsecond=0):
                errors.append(self._get_order_error(texts))
        if errors:
            raise ValidationError("\n".join(errors[:20]))

    @api.model
    def _get_order_error(self, texts):
        return self.env._(
            "“%(lead)s” cannot be closed on %(closed)s, before its start on %(start)s. "
            "Give its start date (Start Date) as well.",
            **texts,
        )
