import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.jobs import run_again, run_part

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200


class CrmVisitPlan(models.Model):
    """Planning the visits that are due, in batches that are committed one by one."""

    _inherit = "crm.visit.plan"

    @api.model
    def _cron_plan_visits(self):
        commit_progress = self.env["ir.cron"]._commit_progress
        plans = (
            self.sudo()
            .with_context(mail_activity_quick_update=True)
            .search([])
            .sorted(lambda plan: not plan.cron_cursor)
        )
        self.env["crm.visit"].sudo()._close_finished()
        commit_progress(remaining=len(plans))
        agendas = {}
        for done, plan in enumerate(plans):
            if not plan._plan_visits(agendas, commit_progress, len(plans) - done):
                break

    def _plan_visits(self, agendas, commit_progress, remaining):
        """Plan the visits of all customers.

        :param agendas: {user: :class:`Agenda`}, filled as the users come up
        :param commit_progress: commits and returns the time that is left
        :param remaining: number of plans that are not done yet, this one included
        :return: False if the time of the cron is over
        """
        while partners := self._get_customers(self.cron_cursor):
            run_again(self.env, self._plan_batch_or_each, partners, agendas)
            self.cron_cursor = partners.ids[-1]
            if not commit_progress(len(partners), remaining=remaining):
                return False
        self.cron_cursor = 0
        return bool(commit_progress(0, remaining=remaining - 1))

    def _plan_batch_or_each(self, partners, agendas):
        """Plan the visits of a batch; of each customer alone, if that fails."""

        def plan(some):
            is_done = False
            try:
                is_done = run_part(
                    self.env,
                    _logger,
                    lambda: self._plan_batch(some, agendas),
                    f"Visits of plan {self.id} to {some.ids[:10]}",
                )
            finally:
                if not is_done:
                    agendas.clear()  # with times that were booked for nothing
            return is_done

        if not plan(partners) and len(partners) > 1:
            for partner in partners:
                plan(partner)

    def _get_customers(self, cursor):
        """Return the next customers without an open visit of the plan, by id."""
        partners = self.env["res.partner"]
        reader = self._get_condition_reader()
        if reader is None or not reader.has_access("read"):
            return partners  # nobody answers for the visits
        domain = Domain("category_id", "child_of", self.category_id.id)
        if self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT customer.id
                     FROM res_partner AS tagged
                     JOIN res_partner AS customer
                       ON customer.id = tagged.commercial_partner_id
                    WHERE tagged.id IN %(tagged)s
                      AND customer.active
                      AND customer.id > %(cursor)s
                      AND NOT EXISTS (SELECT FROM crm_visit AS visit
                                       WHERE visit.plan_id = %(plan)s
                                         AND visit.partner_id = customer.id
                                         AND visit.is_open)
                 ORDER BY customer.id
                    LIMIT %(limit)s""",
                tagged=reader.with_context(active_test=True)
                ._search(domain)
                .subselect(),
                cursor=cursor,
                plan=self.id,
                limit=BATCH_SIZE,
            )
        )
        return partners.browse(partner_id for (partner_id,) in rows)

    def _plan_batch(self, partners, agendas):
        today = fields.Date.today()
        last_dates = self._get_last_dates(partners)
        due = {}
        for partner in partners:
            last = last_dates.get(partner.id)
            date = self._get_next_date(last) if last else today
            if date <= today + timedelta(days=self.lead_days):
                due[partner] = max(date, today + timedelta(days=1))
        users = self._get_visitors(partners.browse(partner.id for partner in due))
        self._fill_agendas(agendas, set(users.values()))
        leads = self._get_only_leads(users)
        entries, slots = [], {}
        for partner in sorted(users, key=lambda partner: (due[partner], partner.id)):
            user = users[partner]
            slot = agendas[user].book(due[partner], self.daily_limit, self.duration)
            if not slot:
                # No time in the weeks to come: a later run finds one.
                continue
            slots[partner.id] = slot
            entries.append(
                {
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "lead_id": leads.get(partner.id),
                    "date": slot[0].date(),
                }
            )
        visits = self.env["crm.visit"]._claim(self, entries)
        self._create_activities(visits, slots)

    def _get_visitors(self, partners):
        """Return {customer: who visits it}: its salesperson, else the one of the plan;
        customers that none of them may read are left out."""
        users = {}
        for user, group in partners.grouped("user_id").items():
            if not user.active or (
                self.company_id and self.company_id not in user.company_ids
            ):
                continue
            users.update(dict.fromkeys(self._filter_readable(user, group), user))
        others = partners.filtered(lambda partner: partner not in users)
        readable = self._filter_readable(self.user_id, others)
        return {**users, **dict.fromkeys(readable, self.user_id)}

    @api.model
    def _filter_readable(self, user, records):
        """Return those of the records that the user may read: who visits is named
        nothing else."""
        reader = records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return records.browse(reader._filtered_access("read").ids)

    def _get_last_dates(self, partners):
        """Return {customer id: date of the last visit, made or planned}.

        Visits of the plan, activities of its type and, if that is a meeting, meetings
        count, on all people of the customer and on their opportunities.
        """
        self.env.flush_all()
        meeting = self.activity_type_id.category == "meeting"
        rows = self.env.execute_query(
            SQL(
                """
    WITH family AS (
        SELECT id, commercial_partner_id AS customer
          FROM res_partner
         WHERE commercial_partner_id IN %(partners)s
    ), deal AS (
        SELECT lead.id, family.customer
          FROM crm_lead AS lead JOIN family ON family.id = lead.partner_id
    ), document AS (
        SELECT 'res.partner' AS model, id, customer FROM family
     UNION ALL
        SELECT 'crm.lead', id, customer FROM deal
    )
    SELECT customer, max(date)::date
      FROM (SELECT partner_id AS customer, COALESCE(date_done, date)::timestamp AS date
              FROM crm_visit
             WHERE plan_id = %(plan)s AND partner_id IN %(partners)s
         UNION ALL
            SELECT customer, activity.date_deadline
              FROM document
              JOIN mail_activity AS activity
                ON activity.res_model = document.model AND activity.res_id = document.id
             WHERE activity.active AND activity.activity_type_id = %(type)s
         UNION ALL
            SELECT customer, message.date
              FROM document
              JOIN mail_message AS message
                ON message.model = document.model AND message.res_id = document.id
             WHERE message.mail_activity_type_id = %(type)s
         UNION ALL
            SELECT customer, event.start
              FROM family
              JOIN calendar_event_res_partner_rel AS attendee
                ON attendee.res_partner_id = family.id
              JOIN calendar_event AS event ON event.id = attendee.calendar_event_id
             WHERE %(meeting)s AND event.active
         UNION ALL
            SELECT customer, event.start
              FROM deal JOIN calendar_event AS event ON event.opportunity_id = deal.id
             WHERE %(meeting)s AND event.active) AS visit
  GROUP BY customer""",
                partners=tuple(partners.ids),
                plan=self.id,
                type=self.activity_type_id.id,
                meeting=meeting,
            )
        )
        return dict(rows)

    def _get_only_leads(self, users):
        """Return {customer id: its open opportunity} where there is exactly one, and
        who visits the customer may read it.

        :param users: {customer: who visits it}
        """
        customer_ids = [partner.id for partner in users]
        domain = Domain("partner_id.commercial_partner_id", "in", customer_ids)
        domain &= Domain("type", "=", "opportunity")
        domain &= self.env["crm.lead"]._get_open_domain()
        if self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        leads = self.env["crm.lead"].search(domain)
        found = {}
        for customer, group in leads.grouped(
            lambda lead: lead.partner_id.commercial_partner_id
        ).items():
            if len(group) == 1:
                user = users[customer]
                found[user] = found.get(user, leads.browse()) + group
        return {
            lead.partner_id.commercial_partner_id.id: lead.id
            for user, group in found.items()
            for lead in self._filter_readable(user, group)
        }
