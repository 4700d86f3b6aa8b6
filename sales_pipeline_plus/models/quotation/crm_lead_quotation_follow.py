import logging

from odoo import SUPERUSER_ID, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import clean_context, format_amount, format_date

from .crm_lead_quotation import TAKE_OVER

_logger = logging.getLogger(__name__)

LOOKING = "crm.lead.quotation"


class CrmLead(models.Model):
    """Expected revenue and expected closing follow the main quotation.

    Whatever happens to quotations in a transaction, their opportunities look at them
    once, when it ends, all at once and above the rights of who changed a quotation. It
    is the system that follows, and the chatter says so.
    """

    _inherit = "crm.lead"

    def _look_at_quotations(self, confirmed=()):
        """Remember that quotations of these have changed, until the transaction ends.

        :param confirmed: orders that were confirmed by the user just now
        """
        if not self and not confirmed:
            return
        precommit = self.env.cr.precommit
        if LOOKING not in precommit.data:
            # Ids of opportunities, {id of a confirmed order: who confirmed it}.
            precommit.data[LOOKING] = (set(), {})
            precommit.add(self.env["crm.lead"]._finish_quotations)
        lead_ids, users = precommit.data[LOOKING]
        lead_ids.update(self.ids)
        users.update((order.id, self.env.uid) for order in confirmed)

    @api.model
    def _finish_quotations(self):
        """Let the opportunities follow whose quotations have changed."""
        lead_ids, users = self.env.cr.precommit.data.pop(LOOKING, ((), {}))
        # Defaults of who changed a quotation are none of the opportunities'.
        leads = self.with_user(SUPERUSER_ID).with_context(  # pylint: disable=context-overridden
            clean_context(self.env.context)
        )
        leads = leads.browse(lead_ids).exists()._filter_led()
        quotations = leads._get_main_quotations()
        leads._follow_quotations(quotations)
        leads._withdraw_unconfirmed_offers()
        leads._offer_won(users)

    def _follow_quotations(self, quotations):
        """Take over what follows, and note which quotation leads.

        :param quotations: {lead: its main quotation}
        """
        leads = self.filtered(
            lambda lead: lead._get_quotation_policy() == "follow" and lead._is_pending()
        )
        taken = {lead: lead._get_followed(quotations.get(lead)) for lead in leads}
        self._take_over_all(
            {lead: values for lead, values in taken.items() if values}, quotations
        )
        changed = {}
        for lead in leads:
            name = quotations[lead].name if lead in quotations else False
            follows = "quotation" in (lead.revenue_source, lead.deadline_source)
            if follows and (lead.followed_quotation or False) != name:
                changed.setdefault(name, self.browse())
                changed[name] |= lead
        bodies = {}
        for name, group in changed.items():
            for lead in group.filtered(lambda lead: not taken[lead]):
                bodies[lead.id] = lead._get_following_text(quotations.get(lead), {})
            group._write_facts({"followed_quotation": name})
        if bodies:
            self.browse(bodies)._message_log_batch(
                bodies=bodies, author_id=self.env.ref("base.partner_root").id
            )

    def _get_followed(self, quotation):
        """Return the values that follow a quotation and differ from it.

        What the products give is theirs.
        """
        self.ensure_one()
        offered = self._get_offered(quotation) if quotation else {}
        return {
            name: value
            for name, value in offered.items()
            if self._is_taken_freely(name)
        }

    def _get_offered(self, quotation):
        """Return {field: value} of what a main quotation says otherwise.

        A quotation without any amount says none yet, and a date that has passed is no
        expected closing. An expected revenue that follows the products stays theirs.
        """
        self.ensure_one()
        offered = {}
        amount = quotation._get_amount_for(self)
        currency = quotation._get_currency_for(self)
        if (
            currency.compare_amounts(amount, 0) > 0
            and currency.compare_amounts(amount, self.expected_revenue)
            and not self._get_following_products()
        ):
            offered["expected_revenue"] = amount
        day = quotation._get_decision_day()
        if day and day != self.date_deadline:
            offered["date_deadline"] = day
        return offered

    def _take_over_all(self, taken, quotations):
        """Write {lead: values} as the system; what is refused stays, and says why."""
        if not taken:
            return
        try:
            with self.env.cr.savepoint():
                self._take_over(taken, quotations)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(taken) > 1:
                for lead, values in taken.items():
                    self._take_over_all({lead: values}, quotations)
                return
            [(lead, values)] = taken.items()
            _logger.warning("Opportunity %s cannot follow", lead.id, exc_info=error)
            lead._message_log(
                body=self.env._(
                    "The main quotation %(quotation)s leads, but what it says could "
                    "not be taken over: %(fields)s. Correct it by hand.",
                    quotation=quotations[lead].name,
                    fields=", ".join(lead._get_field_labels(values)),
                ),
                author_id=self.env.ref("base.partner_root").id,
            )
            values.clear()

    def _take_over(self, taken, quotations):
        groups, system = {}, self.env.ref("base.partner_root")
        for lead, values in taken.items():
            text = lead._get_following_text(quotations[lead], values)
            lead._track_set_log_message(text)
            lead._track_set_author(system)
            groups.setdefault(tuple(values.items()), []).append(lead.id)
        for values, lead_ids in groups.items():
            self.browse(lead_ids)._internally(TAKE_OVER).write(dict(values))

    def _get_following_text(self, quotation, values):
        """Return what follows which quotation, in the language of the salesperson."""
        self.ensure_one()
        lang = self.user_id.lang or self.env.lang
        env = self.env(context={**self.env.context, "lang": lang})
        former = self.followed_quotation
        if not quotation:
            return env._(
                "The main quotation %s leads no more, and no other one does. The "
                "opportunity keeps what was taken over.",
                former,
            )
        if former and former != quotation.name:
            text = env._(
                "The quotation %(quotation)s leads instead of %(former)s.",
                quotation=quotation.name,
                former=former,
            )
        else:
            text = env._("Follows the main quotation %s.", quotation.name)
        parts = [text]
        if "expected_revenue" in values:
            currency = quotation._get_currency_for(self)
            parts.append(
                env._(
                    "Expected revenue: %(before)s → %(after)s.",
                    before=format_amount(env, self.expected_revenue, currency),
                    after=format_amount(env, values["expected_revenue"], currency),
                )
            )
        if "date_deadline" in values:
            parts.append(
                env._(
                    "Expected closing: %(before)s → %(after)s.",
                    before=format_date(env, self.date_deadline) or env._("none"),
                    after=format_date(env, values["date_deadline"]),
                )
            )
        return " ".join(parts)
