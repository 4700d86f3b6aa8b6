from odoo import api, fields, models

from ...tools.workers import Workers

WON_OFFER_TYPE = "sales_pipeline_plus.mail_activity_type_won_offer"


class CrmLead(models.Model):
    """An order is confirmed and its opportunity still open: it is never won by itself.

    Who confirmed it is offered that on the order, see ``sale.order.won_offer``. Was it
    a customer on the portal, or somebody who cannot win it, then an activity tells the
    salesperson, else the leader of the team, once as long as it is not done.
    """

    _inherit = "crm.lead"

    def _offer_won(self, users):
        """Plan an activity where nobody was offered to win.

        :param users: {id of an order that was just confirmed: id of who did it}
        """
        orders = self.env["sale.order"].browse(users).exists()
        orders = orders.filtered(
            lambda order: (
                order.state == "sale"
                and order.opportunity_id in self
                and order.opportunity_id._is_pending()
            )
        )
        unseen = {}
        for user_id, group in orders.grouped(lambda order: users[order.id]).items():
            seen = group.opportunity_id._filter_winnable(user_id)
            for order in group:
                if order.opportunity_id not in seen:
                    unseen.setdefault(order.opportunity_id, order)
        if not unseen:
            return
        planned = self.browse().concat(*unseen)._get_won_offers().mapped("res_id")
        workers = Workers(self.browse().concat(*unseen))
        users = {
            lead: workers.get_first(lead, (lead.user_id, lead.team_id.user_id))
            for lead in unseen
            if lead.id not in planned
        }
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                lead._prepare_won_offer(unseen[lead], user)
                for lead, user in users.items()
                if user
            ]
        )

    def _filter_winnable(self, user_id):
        """Return those that a user can win in the web client: no customer, and not the
        system."""
        user = self.env["res.users"].browse(user_id)
        if not user._is_internal() or user._is_superuser():
            return self.browse()
        leads = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return leads._filtered_access("write").with_env(self.env)

    def _prepare_won_offer(self, order, user):
        """Return the values of the activity, in the language of who gets it."""
        self.ensure_one()
        lead = self.with_context(lang=user.lang or self.env.lang, tz=user.tz)
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.id,
            "activity_type_id": self._get_won_offer_type().id,
            "automated": True,
            "summary": lead.env._(
                "%s is confirmed: mark the opportunity as won?", order.name
            ),
            "user_id": user.id,
            "date_deadline": fields.Date.context_today(lead),
        }

    @api.model
    def _get_won_offer_type(self):
        kind = self.env.ref(WON_OFFER_TYPE, raise_if_not_found=False)
        return kind or self.env["mail.activity.type"]

    def _get_won_offers(self):
        """Return the activities by which these are offered to be won."""
        kind = self._get_won_offer_type()
        activities = self.env["mail.activity"].sudo()
        if not kind:
            return activities
        return activities.search(
            [
                ("active", "=", True),
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )

    def _withdraw_unconfirmed_offers(self):
        """What was confirmed and is so no more is no reason to win."""
        activities = self._get_won_offers()
        if not activities:
            return
        offered = self.browse(activities.mapped("res_id"))
        confirmed = self.env["sale.order"].search(
            [("opportunity_id", "in", offered.ids), ("state", "=", "sale")]
        )
        (offered - confirmed.opportunity_id)._withdraw_won_offers()

    def _withdraw_won_offers(self):
        """What is closed is not offered any more."""
        if self:
            self._withdraw(self._get_won_offers())
