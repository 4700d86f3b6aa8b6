from odoo import api, fields, models

MANAGER = "sales_team.group_sale_manager"


class ResCompany(models.Model):
    _inherit = "res.company"

    is_pipeline_start_closed = fields.Boolean(
        string="First Steps of the Pipelines Closed",
        help="The panel with the first steps is not shown any more.",
    )


class CrmPipeline(models.Model):
    """What a sales manager does first, and whether it is done: seen from the pipelines
    as they are, not from who has pressed what."""

    _inherit = "crm.pipeline"

    @api.model
    @api.readonly
    def get_first_steps(self):
        """Return the steps that the sales manager is shown, in their order.

        :return: list of dicts: ``code``; ``title`` and ``text``; ``button`` (its
            label); ``is_done``; ``action`` (of the button). Empty for others, and
            when the panel was closed for the company
        """
        if (
            not self.env.user.has_group(MANAGER)
            or self.env.company.is_pipeline_start_closed
        ):
            return []
        layouts = [
            layout
            for layout in self._get_layout().pipelines.values()
            if layout.active and layout.company_id in (None, self.env.company.id)
        ]
        return [
            {
                "code": code,
                "title": title,
                "text": text,
                "button": button,
                "is_done": any(map(is_done, layouts)),
                "action": action,
            }
            for code, title, text, button, is_done, action in self._list_first_steps()
        ]

    @api.model
    def _list_first_steps(self):
        """Return the steps; whether a pipeline has taken one is told of its layout."""
        first = self.search([], limit=1)
        of_first = {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": first.id,
            "views": [[False, "form"]],
        }
        return [
            (
                "pipelines",
                self.env._("Your pipelines"),
                self.env._(
                    "Each way of selling has its own stages. Begin one from a template."
                ),
                self.env._("New pipeline"),
                lambda layout: not layout.follow_odoo_stages,
                {**of_first, "res_id": False},
            ),
            (
                "probabilities",
                self.env._("Your probabilities"),
                self.env._(
                    "Give each stage the chance to win. Forecasts are weighted by it."
                ),
                self.env._("Set them"),
                lambda layout: layout.probability_method == "stage",
                of_first,
            ),
            (
                "next_action",
                self.env._("The next action"),
                self.env._(
                    "Have each open opportunity carry a planned action: remind of it, "
                    "or ask for it before a move."
                ),
                self.env._("Choose"),
                lambda layout: layout.next_action_policy != "off",
                of_first,
            ),
        ]

    @api.model
    def close_first_steps(self):
        """Show the panel no more, to nobody in the company.

        :raise AccessError: for who is no sales manager
        """
        self.check_access("write")
        self.env.company.sudo().is_pipeline_start_closed = True
