import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

PENDING = "crm.pipeline.rule"


class CrmPipelineRule(models.Model):
    """Launching the rules for what happens in a transaction, all at once."""

    _inherit = "crm.pipeline.rule"

    @api.model
    def _add_occurrences(self, occurrences):
        """Remember what happens until the transaction ends or the client reads.

        :param occurrences: list of (event, lead id, key of the occurrence, or None when
            it follows from the lead as it is then)
        """
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = []
            precommit.add(self._launch_pending)
        precommit.data[PENDING].extend(occurrences)

    @api.model
    def _has_pending(self):
        return PENDING in self.env.cr.precommit.data

    @api.model
    def _launch_pending(self):
        """Launch the rules for all that happened in the transaction so far."""
        self._launch_what_happened()
        self.env["crm.lead"]._mark_if_nothing_came()

    @api.model
    def _launch_what_happened(self):
        self.env["crm.lead.passage"]._write_moves()
        pending = self._filter_concerned(self.env.cr.precommit.data.pop(PENDING, []))
        if not pending:
            return
        self = self._in_charge()  # noqa: PLW0642 (all that follows is the rules' work)
        leads = self.env["crm.lead"].browse({item[1] for item in pending}).exists()
        rules = self.search(
            [
                ("active", "=", True),
                ("pipeline_id", "in", leads.pipeline_id.ids),
                ("pipeline_id.active", "=", True),
                ("event", "in", list({item[0] for item in pending})),
            ]
        )
        for rule in rules:
            rule._launch_all(
                [
                    (lead_id, key)
                    for event, lead_id, key in dict.fromkeys(pending)
                    if event == rule.event and lead_id in leads._ids
                ]
            )

    @api.model
    def _filter_concerned(self, pending):
        """Leave out, without a query, what happened in pipelines without such rules."""
        layouts = self.env["crm.pipeline"]._get_layout().pipelines

        def is_concerned(event, lead_id):
            cached_id = self.env["crm.lead"].browse(lead_id)._cache.get("pipeline_id")
            return not cached_id or event in layouts[cached_id].rule_events

        return [item for item in pending if is_concerned(item[0], item[1])]

    def _in_charge(self):
        """Return the rules with the rights to plan, in a context of their own.

        The persons in charge see what is planned for them in their activities; Odoo's
        mail about each assignment would be many.
        """
        # Defaults of the salesperson's context are none of the activities'.
        return self.sudo().with_context(  # pylint: disable=context-overridden
            {"active_test": False, "mail_activity_quick_update": True}
        )

    def _launch_all(self, occurrences):
        """Launch the rule for these (lead id, key), of any leads.

        :return: False if it failed
        """
        self.ensure_one()
        leads = self.env["crm.lead"]
        keys = {}
        for lead_id, key in occurrences:
            keys.setdefault(lead_id, []).append(key)
        while keys:
            # One occurrence of each lead at a time.
            if not self._launch(
                {leads.browse(lead_id): queue.pop(0) for lead_id, queue in keys.items()}
            ):
                return False
            keys = {lead_id: queue for lead_id, queue in keys.items() if queue}
        return True

    def _launch(self, keys):
        """Launch the rule, without breaking what launched it.

        A bad opportunity is passed over; the others get what is planned.

        :param keys: {lead: key of its occurrence}
        :return: False if it failed for all
        """
        if self._try_to_plan(keys):
            return True
        if len(keys) == 1 or not self._can_ask_condition():
            return False
        successes = [self._try_to_plan({lead: key}) for lead, key in keys.items()]
        return any(successes)

    def _try_to_plan(self, keys):
        try:
            with self.env.cr.savepoint():
                self._plan(keys)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.warning(
                "Automatic action %s (%s) failed", self.id, self.name, exc_info=True
            )
            self.write(
                {
                    "error_message": self._describe_failure(),
                    "error_date": fields.Datetime.now(),
                }
            )
            return False
        return True

    def _describe_failure(self):
        """Return what the manager can do about a failure, in a sentence.

        Whoever reads the rule reads it: what went wrong with an opportunity may hold
        SQL or hidden names, and is in the log only.
        """
        try:
            self._get_condition_domain(self.env["crm.lead"])
        except ValidationError as error:
            return str(error)
        return self.env._(
            "“%s” could not be planned, for a reason that the log of the server tells. "
            "Check its activity and its persons, or ask your administrator.",
            self.name,
        )

    def _can_ask_condition(self):
        try:
            self._get_condition_domain(self.env["crm.lead"])
        except ValidationError:
            return False
        return True
