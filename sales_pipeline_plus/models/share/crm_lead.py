from odoo import api, fields, models


class CrmLead(models.Model):
    """The credit of an opportunity, shared among its salesperson and collaborators."""

    _inherit = "crm.lead"

    share_ids = fields.One2many(
        "crm.lead.share",
        "lead_id",
        string="Shares",
        copy=False,
        help="Who has how much of the credit. Without shares it is all of the "
        "salesperson.",
    )
    is_share_shown = fields.Boolean(compute="_compute_is_share_shown")
    is_share_editable = fields.Boolean(compute="_compute_is_share_shown")

    @api.depends("company_id", "share_ids", "user_id", "won_status")
    @api.depends_context("uid", "company")
    def _compute_is_share_shown(self):
        for lead in self:
            lead.is_share_shown = lead._uses_shares() or bool(lead.share_ids)
            lead.is_share_editable = lead._uses_shares() and lead._may_share(
                lead._origin.user_id or lead.user_id,
                lead._origin.won_status in ("won", "lost"),
            )

    @api.onchange("collaborator_ids", "share_ids", "user_id")
    def _onchange_share_ids(self):
        """Show at once what the others leave to the salesperson."""
        if not self.share_ids or self._origin.won_status in ("won", "lost"):
            return
        rest = self.share_ids.filtered("is_owner")
        others = sum((self.share_ids - rest).mapped("percentage"))
        if others >= 100:
            self.share_ids -= rest
        elif rest:
            rest.percentage = 100 - others
        else:
            self.share_ids += self.share_ids.new(
                {"user_id": self.user_id.id, "percentage": 100 - others}
            )

    def _uses_shares(self):
        """Tell whether the company shares the credit of opportunities."""
        self.ensure_one()
        return (self.sudo().company_id or self.env.company.sudo()).uses_deal_shares

    def _may_share(self, owner, is_closed):
        """Tell whether the user may change the shares: the salesperson until the
        opportunity is won or lost, and sales managers.

        :param owner: the salesperson until now
        :param is_closed: whether it was won or lost until now
        """
        return (
            self.env.su
            or self.env.user.has_group("sales_team.group_sale_manager")
            or (not is_closed and owner == self.env.user)
        )

    def _merge_dependences(self, opportunities):
        """Take over the shares where the survivor has none: of the first that has any,
        what its salesperson has going to the survivor's."""
        result = super()._merge_dependences(opportunities)
        shared = opportunities.sudo().filtered("share_ids")
        if shared and not self.sudo().share_ids:
            self.sudo()._take_over_shares(shared[0])
        return result

    def _take_over_shares(self, merged):
        """Have the shares of an opportunity that is merged into this one."""
        members = self._get_members()
        percentages = {}
        for share in merged.share_ids:
            user = share.user_id
            if user == merged.user_id or user not in members:
                user = self.user_id
            percentages[user.id] = percentages.get(user.id, 0) + share.percentage
        self._set_shares({self.id: percentages})

    def _get_members(self):
        """Return who can have a share: the salesperson and the collaborators, archived
        ones as well."""
        lead = self.sudo().with_context(active_test=False)
        return lead.user_id | lead.collaborator_ids

    def _set_shares(self, percentages):
        """Have just these shares, whoever asks for it.

        :param dict percentages: {lead id: {user id or False: percentage}}
        """
        with self._changing():
            gone, missing = self.env["crm.lead.share"].sudo(), []
            for lead in self.sudo():
                wanted = dict(percentages[lead.id])
                for share in lead.share_ids:
                    percentage = wanted.pop(share.user_id.id, None)
                    if percentage is None:
                        gone += share
                    elif share.percentage != percentage:
                        share.percentage = percentage
                missing += [
                    {"lead_id": lead.id, "user_id": user_id, "percentage": percentage}
                    for user_id, percentage in wanted.items()
                ]
            gone.unlink()
            gone.create(missing)
