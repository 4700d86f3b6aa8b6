from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import float_compare, ormcache

from ...tools.arguments import check_id
from ...tools.numbers import read_number
from ..pipeline.percentage import format_percentage

DIGITS = (5, 2)


class CrmLeadShare(models.Model):
    """What a salesperson has of the credit of an opportunity, in percent.

    The shares of an opportunity add up to 100; without any it is all of its
    salesperson. However they are changed, it is a change of their opportunity, which
    its concern ``crm.lead.concern.share`` sees.
    """

    _name = "crm.lead.share"
    _inherit = ["crm.lead.detail.mixin"]
    _description = "Share of an Opportunity"
    _order = "id"
    _rec_name = "user_id"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="restrict",
        index=True,
        help="The salesperson or a collaborator of the opportunity. Empty: what nobody "
        "has, as long as the opportunity has no salesperson.",
    )
    percentage = fields.Float(
        string="Share (%)",
        digits=DIGITS,
        required=True,
        help="Percentage of the credit; the shares of an opportunity add up to 100.",
    )
    is_owner = fields.Boolean(
        string="Has the Rest",
        compute="_compute_is_owner",
        help="The salesperson of the opportunity has what the others leave.",
    )

    # Also the index of the shares of an opportunity.
    _lead_user_uniq = models.UniqueIndex(
        "(lead_id, COALESCE(user_id, 0))",
        "A salesperson has one share of an opportunity. Change that one.",
    )

    @api.depends("user_id", "lead_id.user_id")
    def _compute_is_owner(self):
        for share in self:
            share.is_owner = share.user_id._origin == share.lead_id.user_id._origin

    @api.depends_context("lang")
    @api.depends("user_id", "percentage")
    def _compute_display_name(self):
        for share in self:
            share.display_name = self.env._(
                "%(user)s %(percentage)s %%",
                user=share.user_id.name or self.env._("Nobody"),
                percentage=format_percentage(self.env, share.percentage),
            )

    @api.constrains("percentage")
    def _check_percentage(self):
        for share in self.sudo():
            self._check_size(share.percentage, share.lead_id, share.user_id)

    @api.model
    def _check_size(self, percentage, lead, user):
        """Check a percentage; what is no number, too, which Odoo fails to round.

        :raise ValidationError: naming the opportunity and the salesperson
        """
        if not 0 < percentage <= 100:
            raise ValidationError(
                self.env._(
                    "“%(lead)s”: in “Shares”, the share of “%(user)s” must be above 0 "
                    "and at most 100 %%. Remove the line of who has none.",
                    lead=lead.display_name,
                    user=user.name or self.env._("Nobody"),
                )
            )

    # ------------------------------------------------------------
    # A change of a share is one of its opportunity
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lead_ids = self._get_given_lead_ids(vals_list)
        leads = self.env["crm.lead"].browse(dict.fromkeys(filter(None, lead_ids)))
        outside = leads.filtered(lambda lead: not lead._is_changing())
        # Without its opportunity none can be created: Odoo says so.
        if not outside or not all(lead_ids):
            self._check_new(leads, vals_list)
            if vals_list and not self._are_there():
                self.env["crm.setup.version"]._renew()
                shares = super().create(vals_list)
                self.env["crm.setup.version"]._renew()
                return shares
            return super().create(vals_list)
        outside.check_access("write")
        given = list(zip(lead_ids, vals_list, strict=True))
        for lead in leads:
            lead.write(
                {
                    "share_ids": [
                        Command.create({**vals, "lead_id": lead.id})
                        for lead_id, vals in given
                        if lead_id == lead.id
                    ]
                }
            )
        made = {
            (share.lead_id.id, share.user_id.id): share for share in leads.share_ids
        }
        return self.browse(
            made[lead_id, vals.get("user_id") or False].id for lead_id, vals in given
        )

    def write(self, vals):
        outside = self._get_outside_leads()
        if not outside:
            if "percentage" in vals:
                percentage = read_number(vals["percentage"])
                for share in self.sudo():
                    self._check_size(percentage, share.lead_id, share.user_id)
            return super().write(vals)
        if "lead_id" in vals and any(
            share.lead_id.id != vals["lead_id"] for share in self
        ):
            raise UserError(
                self.env._(
                    "A share of “%s” cannot become one of another opportunity. Give a "
                    "new one there.",
                    outside[0].display_name,
                )
            )
        self.check_access("write")
        for lead, shares in self.grouped("lead_id").items():
            lead.write(
                {"share_ids": [Command.update(share.id, vals) for share in shares]}
            )
        return True

    def unlink(self):
        outside = self._get_outside_leads()
        if not outside:
            return super().unlink()
        self.check_access("unlink")
        for lead, shares in self.grouped("lead_id").items():
            lead.write({"share_ids": [Command.delete(share.id) for share in shares]})
        return True

    def _get_outside_leads(self):
        """Return the opportunities of which this is not a part of a change already."""
        return self.lead_id.filtered(lambda lead: not lead._is_changing())

    @api.model
    def _get_given_lead_ids(self, vals_list):
        default = None
        if any("lead_id" not in vals for vals in vals_list):
            default = self.default_get(["lead_id"]).get("lead_id")
        return [
            check_id(self.env, "lead_id", vals.get("lead_id", default))
            for vals in vals_list
        ]

    @api.model
    def _check_new(self, leads, vals_list):
        """Check that nobody gets a second share of an opportunity, or no number.

        :raise ValidationError: naming the opportunity and the salesperson
        """
        seen = {
            (share.lead_id.id, share.user_id.id) for share in leads.sudo().share_ids
        }
        users = self.env["res.users"].sudo()
        for vals in vals_list:
            key = (
                vals.get("lead_id"),
                check_id(self.env, "user_id", vals.get("user_id")),
            )
            lead = leads.browse(key[0] or ()).sudo()
            user = users.browse(key[1] or ())
            self._check_size(read_number(vals.get("percentage")), lead, user)
            if key in seen:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s”: in “Shares”, “%(user)s” has a share already. "
                        "Change that line.",
                        lead=lead.display_name,
                        user=user.name or self.env._("Nobody"),
                    )
                )
            seen.add(key)

    # ------------------------------------------------------------
    # What there is
    # ------------------------------------------------------------

    @api.model
    def _are_there(self):
        """Tell whether any opportunity is shared, without a query for who has read the
        set-up. It may be true when the last share has gone."""
        return self._are_there_at(self.env["crm.setup.version"]._get_current())

    @api.model
    @ormcache("version")
    def _are_there_at(self, version):
        return bool(self.sudo().search([], limit=1))

    @api.model
    def _get_percentages(self, leads):
        """Return {lead id: {user id or False: percentage}} of shared opportunities."""
        if not leads or not self._are_there():
            return {}
        # Deals that are written one by one are read at once.
        return {
            lead.id: {share.user_id.id: share.percentage for share in lead.share_ids}
            for lead in leads.sudo()
            if lead.share_ids
        }

    @api.model
    def _is_whole(self, percentages):
        """Tell whether shares add up to 100."""
        return not float_compare(sum(percentages), 100, precision_digits=DIGITS[1])
