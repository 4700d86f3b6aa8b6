from odoo import api, fields, models
from odoo.exceptions import ValidationError

MANAGER = "sales_team.group_sale_manager"


class SalesCampaignGoalDefinition(models.AbstractModel):
    """The condition of a goal: with whose rights it is asked, and in words."""

    _inherit = "sales.campaign.goal.definition"

    condition_words = fields.Char(
        string="Condition",
        compute="_compute_condition_words",
        help="What is counted, in words.",
    )

    condition_rights = fields.Char(
        string="With Whose Rights",
        compute="_compute_condition_rights",
        help="What a sales manager defined counts everything of the campaign; what "
        "anybody else defined counts what this person may read. Everybody sees the "
        "same number.",
    )

    def _get_condition_domain(self):
        """Return the condition as a domain, or None when it cannot be read."""
        model = self._get_countable_model()
        if model is None:
            return None
        try:
            return self.env["crm.condition"]._parse(self.condition)
        except ValidationError:
            return None

    def _is_condition_valid(self):
        """Tell whether the condition can be searched for in the counted model."""
        reader = self._get_condition_reader()
        return reader is not None and not self.env["crm.condition"]._find_error(
            reader, self.condition
        )

    def _get_condition_model(self):
        return self._get_countable_model()

    @api.model
    def _get_condition_fields(self):
        return [name for name in self._get_definition_fields() if name != "direction"]

    def _counts_everything(self):
        """Tell whether a sales manager, or Odoo itself, has defined what is counted."""
        user = self._get_condition_user()
        return user._is_superuser() or user.has_group(MANAGER)

    @api.depends(
        "counting",
        "res_model",
        "condition",
        "measure",
        "sum_field",
        "within_dates",
        "date_field",
        "condition_user_id",
    )
    @api.depends_context("lang", "uid")
    def _compute_condition_rights(self):
        for record in self:
            user = record._get_condition_user().sudo()
            if record._get_countable_model() is None or not user:
                record.condition_rights = False
            elif user._is_superuser():
                record.condition_rights = self.env._("Everything of the campaign")
            elif record._counts_everything():
                record.condition_rights = self.env._(
                    "Everything of the campaign, as %s defined it", user.name
                )
            else:
                record.condition_rights = self.env._("What %s may read", user.name)

    @api.depends("counting", "res_model", "condition")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_condition_words(self):
        for record in self:
            if record.counting == "manual":
                record.condition_words = self.env._("counted by hand")
            elif not record.res_model:
                record.condition_words = False
            elif (domain := record._get_condition_domain()) is None:
                words = self.env["sales.campaign.goal.words"]
                record.condition_words = words._get_unreadable()
            elif domain.is_true():
                record.condition_words = self.env._("everything linked to the campaign")
            else:
                record.condition_words = self.env["sales.campaign.goal.words"]._say(
                    record._get_countable_model(), domain
                )
