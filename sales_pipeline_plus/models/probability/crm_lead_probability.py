from odoo import api, fields, models, modules
from odoo.tools import SQL, float_compare, split_every

from odoo.addons.crm.models.crm_lead import PLS_UPDATE_BATCH_STEP

from ...tools.arguments import check_records
from .crm_stage import SCORING


class CrmLead(models.Model):
    """Where an opportunity's probability comes from.

    Odoo infers that a probability was typed in from its difference to the automated
    one; two equal numbers break that. Here the source is stored.
    """

    _inherit = "crm.lead"

    probability_source = fields.Selection(
        [
            ("stage", "Stage"),
            ("manual", "Salesperson"),
            ("predictive", "Predictive scoring"),
        ],
        compute="_compute_probability_source",
        store=True,
        readonly=False,
        copy=False,
        help="Stage: the probability of the stage in the pipeline. Salesperson: a "
        "value of the salesperson's own, kept through stage changes until it is reset. "
        "Predictive scoring: Odoo's computation from the past.",
    )

    @api.depends("pipeline_id")
    def _compute_probability_source(self):
        for lead in self:
            if lead.probability_source != "manual":
                lead.probability_source = lead._get_automatic_source()

    def _get_automatic_source(self):
        """Return where the probability comes from when the salesperson gives none."""
        self.ensure_one()
        layout = (
            self.env["crm.pipeline"]._get_layout().pipelines.get(self.pipeline_id.id)
        )
        return layout.probability_method if layout else "predictive"

    @api.depends("probability_source")
    def _compute_is_automated_probability(self):
        for lead in self:
            lead.is_automated_probability = lead.probability_source != "manual"

    @api.depends("pipeline_stage_id")
    def _compute_probabilities(self):
        # Odoo also calls this directly, then its assignments are writes.
        return super(
            CrmLead, self._internally("automatic_probability")
        )._compute_probabilities()

    @api.onchange("probability")
    def _onchange_probability(self):
        if float_compare(self.probability, self.automated_probability, 2):
            self.probability_source = "manual"

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Answer with the stage's probability where the pipeline says so.

        This is the one place that forms, creation, writing, restoring and the nightly
        scoring job pass through; other leads are scored by Odoo.
        """
        lines = self._get_stage_driven_lines()
        rest = self - self.browse(lead.id for lead in lines) if lines else self
        probabilities, tooltip = {}, {"probability": 0.0, "scores": []}
        if rest:
            scored = super(
                CrmLead, rest._internally(SCORING)
            )._pls_get_naive_bayes_probabilities(
                batch_mode=batch_mode, is_tooltip=is_tooltip
            )
            # Odoo answers without the tooltip when no lead can be scored.
            probabilities, tooltip = scored if isinstance(scored, tuple) else ({}, {})
        for lead, line in lines.items():
            outdated = float_compare(lead.automated_probability, line.probability, 2)
            if not batch_mode or (
                outdated and lead.active and lead.won_status == "pending"
            ):
                probabilities[lead.id] = line.probability
            tooltip["probability"] = line.probability if is_tooltip else 0.0
        if batch_mode and self._is_internal("pipeline_nightly_job"):
            # Odoo's own statement takes a coincidence for an automated value.
            self._apply_automated_probabilities(probabilities)
            probabilities = {}
        return probabilities, tooltip

    def _get_stage_driven_lines(self):
        """Return {lead: StageLine} for the leads that follow their stage."""
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        lines = {}
        for lead_id, pipeline_id, stage_id in self._list_places():
            layout = layouts.get(pipeline_id)
            if layout and layout.probability_method == "stage":
                if line := layout.get_line(stage_id):
                    lines[lead_id] = line
        leads = self.browse(lines)
        return dict(zip(leads, lines.values(), strict=True))

    def _update_automated_probabilities(self):
        """Let Odoo's nightly job respect the sources, and the weighted amounts follow.

        Odoo still decides which leads are computed, in which batches.
        """
        return super(
            CrmLead, self._internally("pipeline_nightly_job")
        )._update_automated_probabilities()

    def _update_predictive_probabilities(self):
        """Compute the automated probability of open leads and write it by SQL."""
        if self:
            probabilities, _tooltip = self._pls_get_naive_bayes_probabilities(
                batch_mode=True
            )
            self._apply_automated_probabilities(probabilities)

    @api.model
    def _apply_automated_probabilities(self, probabilities):
        """Write automated probabilities, {lead id: percent}, without a trace of it.

        The nightly job ends a transaction after each batch, as Odoo's does, so that
        nobody waits for it.
        """
        commits = self._is_internal("pipeline_nightly_job")
        for batch in split_every(PLS_UPDATE_BATCH_STEP, probabilities.items(), dict):
            self._update_automated_probability(
                SQL(
                    "SELECT unnest(%s) AS id, 0 AS line_id, "
                    "unnest(%s)::float8 AS probability",
                    list(batch),
                    [float(probability) for probability in batch.values()],
                ),
                log_access=False,
            )
            if commits and not modules.module.current_test:
                # As Odoo's own nightly job does after each batch.
                self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _update_automated_probability(self, source, log_access=True):
        """Write automated probabilities of many open leads in one statement.

        A salesperson's own probability stays. The amounts that Odoo stores weighted by
        the probability follow, rounded as the ORM does; what other addons compute from
        it is marked to be computed again.

        :param source: SQL select of ``id`` (of the lead), ``line_id``, ``probability``
        :param log_access: whether it is an update by the user
        :return: list of (line_id, number of leads whose probability followed)
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """UPDATE crm_lead
                      SET automated_probability = new.probability,
                          probability = CASE WHEN follows THEN new.probability
                                             ELSE crm_lead.probability END,
                          prorated_revenue = CASE WHEN follows
                            THEN round(round(prorated, 2) / rounding) * rounding
                            ELSE prorated_revenue END,
                          recurring_revenue_prorated = CASE WHEN follows
                            THEN round(recurring / rounding) * rounding
                            ELSE recurring_revenue_prorated END,
                          recurring_revenue_monthly_prorated = CASE WHEN follows
                            THEN round(monthly / rounding) * rounding
                            ELSE recurring_revenue_monthly_prorated END
                          %(log_access)s
                     FROM (SELECT source.*,
                                  probability_source IS DISTINCT FROM 'manual'
                                    AS follows,
                                  %(prorated)s AS prorated,
                                  %(recurring)s AS recurring,
                                  %(monthly)s AS monthly,
                                  COALESCE(currency.rounding, 0.01) AS rounding
                             FROM (%(source)s) AS source
                             JOIN crm_lead AS lead ON lead.id = source.id
                        LEFT JOIN res_company AS company
                               ON company.id = COALESCE(lead.company_id, %(company)s)
                        LEFT JOIN res_currency AS currency
                               ON currency.id = company.currency_id) AS new
                    WHERE crm_lead.id = new.id
                      AND (automated_probability IS DISTINCT FROM new.probability
                           OR follows
                              AND crm_lead.probability IS DISTINCT FROM new.probability)
                RETURNING new.line_id, crm_lead.id, follows,
                          abs(prorated * 100) %% 1 = 0.5 AS is_half_cent""",
                log_access=SQL(
                    ", write_uid = %s, write_date = %s", self.env.uid, self.env.cr.now()
                )
                if log_access
                else SQL(""),
                company=self.env.company.id,
                source=source,
                **{
                    name: SQL(
                        "COALESCE(lead.%s, 0) * source.probability::numeric / 100",
                        SQL.identifier(amount),
                    )
                    for name, amount in (
                        ("prorated", "expected_revenue"),
                        ("recurring", "recurring_revenue"),
                        ("monthly", "recurring_revenue_monthly"),
                    )
                },
            )
        )
        self.invalidate_model()
        counts, followers, half_cents = {}, [], []
        for line_id, lead_id, follows, is_half_cent in rows:
            if follows:
                counts[line_id] = counts.get(line_id, 0) + 1
                followers.append(lead_id)
                if is_half_cent:
                    half_cents.append(lead_id)
        # Odoo rounds the binary number, where half a cent may be a bit less.
        field = self._fields["prorated_revenue"]
        self.env.add_to_compute(field, self.browse(half_cents))
        self.browse(followers)._recompute_other_weighted_fields()
        return list(counts.items())

    def _recompute_other_weighted_fields(self):
        """Mark what other addons store from the probability for computation."""
        known = {
            "prorated_revenue",
            "recurring_revenue_prorated",
            "recurring_revenue_monthly_prorated",
            # Cannot change: an open deal below 100 % stays open.
            "won_status",
        }
        for field in self.pool.get_dependent_fields(self._fields["probability"]):
            if (
                field.model_name == self._name
                and field.store
                and field.name not in known
            ):
                self.env.add_to_compute(field, self)

    # ------------------------------------------------------------
    # Write paths
    # ------------------------------------------------------------

    @api.model
    def _get_won_stage_ids(self, vals_list):
        stages = self.env["crm.stage"].browse(
            {vals["stage_id"] for vals in vals_list if vals.get("stage_id")}
        )
        return set(stages.sudo().filtered("is_won").ids)

    @api.model
    def _without_empty_probability(self, vals):
        """Return a copy without a probability that is an import's empty cell."""
        return {
            name: value
            for name, value in vals.items()
            if name != "probability" or (value is not False and value is not None)
        }

    def _align_automated(self):
        """Bring the automated probability in line with the stage.

        It is not computed in a write or a creation that gives the probability.
        """
        leads_by_probability = {}
        for lead, line in self._get_stage_driven_lines().items():
            outdated = float_compare(lead.automated_probability, line.probability, 2)
            if outdated and lead.won_status != "lost":
                leads = leads_by_probability.setdefault(line.probability, self.browse())
                leads_by_probability[line.probability] = leads + lead
        for probability, leads in leads_by_probability.items():
            leads._internally("automatic_probability").write(
                {"automated_probability": probability}
            )

    def _filter_closed(self):
        """Return the won and the lost leads."""
        return self.browse(
            lead_id
            for lead_id, status in zip(self._ids, self._get_won_statuses(), strict=True)
            if status in ("won", "lost")
        )

    def _claim_different_probabilities(self):
        """Mark as the salesperson's own what differs from the automatic value."""
        own = self.filtered(
            lambda lead: (
                lead.won_status == "pending"
                and lead.probability_source != "manual"
                and float_compare(lead.probability, lead.automated_probability, 2)
            )
        )
        if own:
            own._internally("automatic_probability").write(
                {"probability_source": "manual"}
            )

    def _release_scored_probabilities(self):
        """Where Odoo's scoring decides, a value that is given and equals the score is
        the score's, as in Odoo."""
        self.filtered(
            lambda lead: (
                lead.probability_source == "manual"
                and lead._get_automatic_source() == "predictive"
                and not float_compare(lead.probability, lead.automated_probability, 2)
            )
        )._release_probability_source()

    def _release_probability_source(self):
        """Let the leads follow their pipeline again, without changing their value."""
        manual = self.filtered(lambda lead: lead.probability_source == "manual")
        for source, leads in manual.grouped(CrmLead._get_automatic_source).items():
            leads._internally("automatic_probability").write(
                {"probability_source": source}
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_reset_probability(self):
        """Give up the salesperson's own probability of the open leads."""
        check_records(self)
        leads = self.filtered(lambda lead: lead.won_status == "pending")
        leads._release_probability_source()
        leads._compute_probabilities()

    def action_set_automated_probability(self):
        check_records(self)
        self._release_probability_source()
        return super(
            CrmLead, self._internally("automatic_probability")
        ).action_set_automated_probability()

    def action_restore(self):
        """Restored deals come back to the probability of their stage.

        What was archived without being lost keeps the salesperson's own value.
        """
        check_records(self)
        own = self.filtered(
            lambda lead: (
                lead.probability_source == "manual" and lead.won_status == "pending"
            )
        )
        own.action_unarchive()
        return super(
            CrmLead, (self - own)._internally("automatic_probability")
        ).action_restore()
