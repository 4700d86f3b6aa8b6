from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """Other salespeople who work on an opportunity: they see, edit and follow it."""

    _inherit = "crm.lead"

    # Odoo indexes both directions of a relation: (lead, user) and (user, lead).
    collaborator_ids = fields.Many2many(
        "res.users",
        "crm_lead_collaborator_rel",
        "lead_id",
        "user_id",
        string="Collaborators",
        domain="[('share', '=', False), ('company_ids', 'in', user_company_ids)]",
        help="Other users who work on this opportunity: they see, edit and follow it, "
        "with its quotations, even if they have only their own documents.",
    )

    @api.constrains("collaborator_ids", "company_id")
    def _check_collaborators(self):
        for lead in self.sudo():
            for user in lead.collaborator_ids:
                if user.share:
                    raise ValidationError(
                        self.env._(
                            "“%(user)s” cannot be a collaborator on “%(lead)s”: only "
                            "internal users can.",
                            user=user.name,
                            lead=lead.display_name,
                        )
                    )
                if lead.company_id and lead.company_id not in user.company_ids:
                    raise ValidationError(
                        self.env._(
                            "“%(user)s” cannot be a collaborator on “%(lead)s”: the "
                            "user has no access to its company, %(company)s. Choose "
                            "someone else in “Collaborators”.",
                            user=user.name,
                            lead=lead.display_name,
                            company=lead.company_id.name,
                        )
                    )

    def _update_collaborating_followers(self, before):
        """Let new collaborators follow, and former ones no longer, unless they are in
        charge.

        Above the user's rights: who removes himself does not see the lead any more.

        :param dict before: the collaborators until now, by id of the lead
        """
        joined, left = {}, {}
        nobody = self.env["res.users"].sudo()
        for lead in self.sudo():
            former = before.get(lead.id, nobody)
            current = lead.collaborator_ids
            if new := current - former:
                joined[new] = joined.get(new, lead.browse()) | lead
            if gone := former - current - lead.user_id:
                left[gone] = left.get(gone, lead.browse()) | lead
        for users, leads in joined.items():
            leads.message_subscribe(partner_ids=users.partner_id.ids)
            leads._notify_collaborators(users)
        for users, leads in left.items():
            leads.message_unsubscribe(partner_ids=users.partner_id.ids)

    def _notify_collaborators(self, users):
        """Tell users that they may work on these opportunities from now on."""
        others = users - self.env.user
        if not others or self.env.context.get("mail_auto_subscribe_no_notify"):
            return
        for lead in self:
            lead.message_notify(
                partner_ids=others.partner_id.ids,
                subject=self.env._("Collaboration on %(lead)s", lead=lead.display_name),
                body=self.env._(
                    "%(user)s has added you to the collaborators on “%(lead)s”.",
                    user=self.env.user.name,
                    lead=lead.display_name,
                ),
            )

    def action_stop_collaborating(self):
        """Take the user off the collaborators, and lead him back to his pipeline.

        A form cannot show the opportunity any more to whoever has his own ones only.
        """
        check_records(self)
        mine = self.filtered(lambda lead: self.env.user in lead.collaborator_ids)
        mine.write({"collaborator_ids": [(3, self.env.uid)]})
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_action_pipeline"
        )

    def _merge_dependences(self, opportunities):
        """Unite the collaborators, except those whom the company keeps out."""
        result = super()._merge_dependences(opportunities)
        own = self.sudo()
        added = opportunities.sudo().collaborator_ids - own.collaborator_ids
        if own.company_id:
            added = added.filtered(lambda user: own.company_id in user.company_ids)
        if added:
            self.write({"collaborator_ids": [(4, user.id) for user in added]})
        return result
