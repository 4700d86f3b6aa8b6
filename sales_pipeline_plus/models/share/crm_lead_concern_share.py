from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..pipeline.percentage import format_percentage
from .crm_lead_share import DIGITS

CLOSED = ("won", "lost")


class CrmLeadConcernShare(models.AbstractModel):
    """The shares of changing deals: they add up, and stay facts once a deal is closed.

    As long as a deal is open its salesperson has what the others leave, the share of
    the former salesperson included, and that of who is no collaborator any more. The
    shares of a won or lost deal are changed by sales managers only.
    """

    _name = "crm.lead.concern.share"
    _inherit = "crm.lead.concern"
    _description = "Shares of Changing Opportunities"

    def _get_watched_fields(self):
        return {"collaborator_ids", "share_ids", "user_id", "won_status"}

    def _get_known_fields(self, affected):
        return affected & {"user_id", "won_status"}

    def _complete_write(self, change, vals):
        shares = self.env["crm.lead.share"]
        change.notes["shares"] = shares._get_percentages(change.leads)
        return vals

    def _complete(self, change):
        """Give the salesperson what nobody else has."""
        if not self._is_concerned(change):
            return
        present = self.env["crm.lead.share"]._get_percentages(change.leads)
        complete = {
            lead.id: self._get_complete(change, lead, present[lead.id])
            for lead in change.above.browse(present)
        }
        changed = [each for each in complete if complete[each] != present[each]]
        change.above.browse(changed)._set_shares(complete)

    def _check(self, change):
        if not self._is_concerned(change):
            return
        present = self.env["crm.lead.share"]._get_percentages(change.leads)
        before = self._get_before(change)
        for lead in change.leads:
            then, now = before.get(lead.id, {}), present.get(lead.id, {})
            if then != now:
                self._check_sum(lead, now)
                if "share_ids" in self._get_given(change):
                    self._check_given(change, lead, then, now)

    def _record(self, change):
        """Tell in the chatter who has how much, and who had."""
        if change.is_creation or not self._is_concerned(change):
            return
        present = self.env["crm.lead.share"]._get_percentages(change.leads)
        before = self._get_before(change)
        changed = change.above.filtered(
            lambda lead: before.get(lead.id) != present.get(lead.id)
        )
        if changed:
            changed._message_log_batch(
                bodies={
                    lead.id: self.env._(
                        "Shares: %(shares)s. Before: %(before)s.",
                        shares=self._describe(lead, present.get(lead.id)),
                        before=self._describe(lead, before.get(lead.id)),
                    )
                    for lead in changed
                }
            )

    # ------------------------------------------------------------
    # What is asked
    # ------------------------------------------------------------

    @api.model
    def _get_given(self, change):
        if change.is_creation:
            return {name for vals in change.vals_list for name in vals}
        return change.given

    @api.model
    def _is_concerned(self, change):
        """Tell whether any of the deals has shares, or had."""
        if "share_ids" in self._get_given(change):
            return True
        return not change.is_creation and bool(self._get_before(change))

    @api.model
    def _get_before(self, change):
        """Return the shares as they were; those of now where nobody has changed them:
        what is computed by itself changes none."""
        if change.is_creation:
            return {}
        if "shares" not in change.notes:
            shares = self.env["crm.lead.share"]
            change.notes["shares"] = shares._get_percentages(change.leads)
        return change.notes["shares"]

    @api.model
    def _was_closed(self, change, lead):
        return change.before(lead, "won_status") in CLOSED

    @api.model
    def _get_complete(self, change, lead, percentages):
        """Return the shares of a deal, {user id or False: percentage}, completed."""
        is_whole = self.env["crm.lead.share"]._is_whole
        before = self._get_before(change).get(lead.id, {})
        owner, result = lead.user_id.id, dict(percentages)
        if not (self._was_closed(change, lead) and lead._get_won_status() in CLOSED):
            members = set(lead._get_members().ids)
            former = change.before(lead, "user_id") or False
            is_given = percentages != before and is_whole(percentages.values())
            for user_id in percentages.keys() - {owner}:
                # Whom somebody gives a share now is to be a collaborator already.
                is_gone = user_id not in members and user_id in before
                if is_gone or (
                    user_id == former and user_id in before and not is_given
                ):
                    result[owner] = result.get(owner, 0) + result.pop(user_id)
        if is_whole(result.values()):
            return result
        if percentages.get(owner) == before.get(owner):
            rest = round(100 - sum(result.values()) + result.get(owner, 0), DIGITS[1])
            if rest > 0:
                result[owner] = rest
            elif rest == 0:
                result.pop(owner, None)
        return result

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.model
    def _check_sum(self, lead, percentages):
        total = sum(percentages.values())
        is_whole = self.env["crm.lead.share"]._is_whole(percentages.values())
        if percentages and not (is_whole and min(percentages.values()) > 0):
            raise ValidationError(
                self.env._(
                    "“%(lead)s”: the percentages in “Shares” add up to %(total)s, and "
                    "not to 100. Change them, or leave out the line of the "
                    "salesperson, who then has the rest.",
                    lead=lead.sudo().display_name,
                    total=format_percentage(self.env, total),
                )
            )

    @api.model
    def _check_given(self, change, lead, then, now):
        """Check shares that somebody has given, against those before."""
        above = lead.sudo()
        former = self.env["res.users"].browse(change.before(lead, "user_id") or ())
        if not lead._may_share(former or above.user_id, self._was_closed(change, lead)):
            raise AccessError(
                self.env._(
                    "“%(lead)s”: “Shares” can be changed by its salesperson until it "
                    "is won or lost, and by sales managers at any time. Ask one of "
                    "them.",
                    lead=above.display_name,
                )
            )
        if now and not above._uses_shares():
            raise UserError(
                self.env._(
                    "“%(lead)s”: “Shares” are not in use in %(company)s. A sales "
                    "manager can turn them on in the Pipeline Settings.",
                    lead=above.display_name,
                    company=(above.company_id or self.env.company).name,
                )
            )
        members = set(lead._get_members().ids) | {above.user_id.id}
        for user_id in now.keys() - then.keys() - members:
            user = self.env["res.users"].sudo().browse(user_id or ())
            raise ValidationError(
                self.env._(
                    "“%(user)s” cannot have a share of “%(lead)s”: “Shares” are for "
                    "its salesperson and its collaborators. Add the user to "
                    "“Collaborators” first.",
                    user=user.name or self.env._("Nobody"),
                    lead=above.display_name,
                )
            )

    @api.model
    def _describe(self, lead, percentages):
        """Return shares in words."""
        if not percentages:
            percentages = {lead.user_id.id: 100}
        users = self.env["res.users"].sudo()
        return ", ".join(
            self.env._(
                "%(user)s %(percentage)s %%",
                user=users.browse(user_id or ()).name or self.env._("Nobody"),
                percentage=format_percentage(self.env, percentage),
            )
            for user_id, percentage in percentages.items()
        )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.share"]
