from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalesCampaignGoalDefinition(models.AbstractModel):
    """What a goal counts: which records, on what condition, and how.

    What a sales manager has defined counts all of the campaign, what anybody else has
    defined what this person may read; everybody sees the same number.
    """

    _name = "sales.campaign.goal.definition"
    _inherit = ["crm.condition.mixin"]
    _description = "Definition of a Goal"

    counting = fields.Selection(
        [("automatic", "Counts by itself"), ("manual", "Counted by hand")],
        required=True,
        default="automatic",
        help="By itself: the records linked to the campaign that fulfil the condition. "
        "By hand: a counter with buttons, for what Odoo does not know.",
    )
    direction = fields.Selection(
        [("at_least", "At least"), ("at_most", "At most")],
        required=True,
        default="at_least",
        help="At most: the target is a limit, such as for lost opportunities.",
    )
    res_model = fields.Selection(
        lambda self: self._selection_res_model(),
        string="What",
        help="The kind of records that are counted: all those that can be linked to a "
        "campaign.",
    )
    condition = fields.Char(
        string="Which Ones",
        default="[]",
        help="Only the linked records that fulfil this condition count. Everybody who "
        "sees the goal sees the condition.",
    )
    measure = fields.Selection(
        [
            ("count", "Number of records"),
            ("companies", "Number of distinct companies"),
            ("sum", "Sum of"),
        ],
        string="Count or Amount",
        required=True,
        default="count",
        help="Distinct companies: several records, or several contacts, of one company "
        "count once.",
    )
    sum_field = fields.Selection(
        lambda self: self._selection_sum_field(),
        string="Field to Add Up",
        help="Amounts in another currency than the campaign's are converted at the "
        "rate of the record's date.",
    )
    within_dates = fields.Boolean(
        string="Only within the Campaign's Dates",
        help="Only the records whose date is between the start and the end of the "
        "campaign count.",
    )
    date_field = fields.Selection(
        lambda self: self._selection_date_field(),
        string="Date of the Record",
        help="The date that is compared with the campaign's dates, and the date at "
        "which amounts are converted.",
    )
    # ------------------------------------------------------------
    # CHOICES
    # ------------------------------------------------------------

    @api.model
    def _get_countable_models(self):
        """Return the models that can be linked to a campaign, in the user's order."""
        return sorted(
            (
                self.env[name]
                for name in self.env["sales.campaign.mixin"]._get_campaign_models()
            ),
            key=lambda model: (model._get_goal_sequence(), model._name),
        )

    @api.model
    def _selection_res_model(self):
        return [
            (model._name, model._get_goal_label())
            for model in self._get_countable_models()
        ]

    @api.model
    def _selection_sum_field(self):
        return self._get_field_choices(("monetary", "float"))

    @api.model
    def _selection_date_field(self):
        return self._get_field_choices(("date", "datetime"))

    @api.model
    def _get_field_choices(self, types):
        """Return ``[("model.field", label)]`` of the stored fields of these types."""
        names = self.env["ir.model.fields"]
        return [
            (f"{model._name}.{fname}", labels.get(fname) or fname)
            for model in self._get_countable_models()
            for labels in [names.get_field_string(model._name)]
            for fname, field in model._fields.items()
            if field.type in types
            and field.store
            and field.column_type
            and not field.groups
            and not self._is_technical_field(field)
        ]

    @api.model
    def _is_technical_field(self, field):
        """Tell numbers and dates that mean nothing to a salesperson."""
        return field.type == "integer" or field.name in (
            "write_date",
            "latitude",
            "longitude",
            "partner_latitude",
            "partner_longitude",
            "currency_rate",
            "invoice_currency_rate",
            "automated_probability",
        )

    # ------------------------------------------------------------
    # MEANING
    # ------------------------------------------------------------

    def _get_countable_model(self):
        """Return the counted model, or None when it cannot be counted (any more)."""
        name = self.res_model
        if self.counting != "automatic" or not name:
            return None
        linked = self.env["sales.campaign.mixin"]._get_campaign_models()
        return self.env[name] if name in linked else None

    def _get_sum_field_name(self):
        """Return the field to add up in the counted model, or None."""
        return self._get_chosen_field(self.sum_field)

    def _get_date_field_name(self):
        """Return the field with the date of a record."""
        model = self._get_countable_model()
        return self._get_chosen_field(self.date_field) or model._get_goal_date_field()

    def _get_chosen_field(self, choice):
        model = self._get_countable_model()
        prefix = f"{self.res_model}."
        if model is None or not choice or not choice.startswith(prefix):
            return None
        fname = choice[len(prefix) :]
        return fname if fname in model._fields else None

    def _is_whole(self):
        """Tell whether things are counted one by one, not an amount."""
        return self.counting == "manual" or self.measure != "sum"

    def _is_money(self):
        """Tell whether the target is an amount of money."""
        fname = self._get_sum_field_name() if self.measure == "sum" else None
        return bool(fname) and (
            self._get_countable_model()._fields[fname].type == "monetary"
        )

    # ------------------------------------------------------------
    # CHECKS AND CHANGES
    # ------------------------------------------------------------

    @api.constrains("counting", "res_model", "measure", "sum_field")
    def _check_definition(self):
        for record in self:
            if record.counting == "manual":
                continue
            name = record.display_name
            if not record.res_model:
                raise ValidationError(
                    self.env._(
                        "Goal “%s”: choose what is counted, or count it by hand.", name
                    )
                )
            if record.measure == "sum" and not record._get_sum_field_name():
                raise ValidationError(
                    self.env._(
                        "Goal “%s”: choose which field of the records is added up.",
                        name,
                    )
                )

    @api.onchange("res_model")
    def _onchange_res_model(self):
        """Forget what belongs to another model."""
        prefix = f"{self.res_model}."
        if self.sum_field and not self.sum_field.startswith(prefix):
            self.sum_field = False
        if self.date_field and not self.date_field.startswith(prefix):
            self.date_field = False
        if self._get_countable_model() is not None:
            if not self.date_field:
                fname = self._get_countable_model()._get_goal_date_field()
                self.date_field = f"{prefix}{fname}"
            if self._get_condition_domain() is None:
                self.condition = "[]"
            if self.measure == "sum" and not self.sum_field:
                self.measure = "count"

    @api.model
    def _get_definition_fields(self):
        """Fields that say what is counted."""
        return [
            "counting",
            "direction",
            "res_model",
            "condition",
            "measure",
            "sum_field",
            "within_dates",
            "date_field",
        ]
