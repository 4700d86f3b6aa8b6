import logging

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from ..tools.arguments import check_records
from ..tools.jobs import run_again
from ..tools.texts import with_colon

_logger = logging.getLogger(__name__)

# How many opportunities come in while the user waits; more go on in the background.
MAX_AT_ONCE = 200
BATCH_SIZE = 50


class CrmHistoryImport(models.TransientModel):
    """Brings a history in, batch after batch of opportunities."""

    _inherit = "crm.history.import"

    def action_import(self):
        """Bring in what the preview shows, in the background if it is much.

        :raise UserError: if there is nothing to bring in
        """
        check_records(self)
        self.ensure_one()
        if self.state != "preview":
            raise UserError(self.env._("Choose a file and look at the preview first."))
        self.line_ids._check_stage()
        reading = self._read()
        lead_ids = reading.get_lead_ids()
        if not lead_ids:
            raise UserError(
                self.env._(
                    "There is nothing to import in this file.\n%s", self.problems or ""
                )
            )
        self.write(
            {
                "state": "running",
                "lead_count": len(lead_ids),
                "done_count": 0,
                "last_lead_id": 0,
                "failures": False,
            }
        )
        if len(lead_ids) > MAX_AT_ONCE:
            self.env.ref("sales_pipeline_plus.ir_cron_history_import").sudo()._trigger()
            return self._get_action()
        for batch in split_every(BATCH_SIZE, lead_ids, list):
            self._import_or_fail(reading, batch)
            self.done_count += len(batch)
        self.state = "done"
        return self._get_action()

    def _import_batch(self, reading, lead_ids):
        """Record what a file says about opportunities, and rebuild what follows."""
        wanted = set(lead_ids)
        leads = self.env["crm.lead"].browse(lead_ids)
        changes = [vals for vals in reading.changes if vals["lead_id"] in wanted]
        self.env["crm.lead.change"].sudo()._record(changes)
        self.env["crm.lead"]._record_activities(
            [vals for vals in reading.activities if vals["lead_id"] in wanted]
        )
        changed = leads.browse({vals["lead_id"] for vals in changes})
        self.env["crm.lead.change"]._rebuild(changed, self.use_stage_probability)
        self.env.flush_all()

    def _import_or_fail(self, reading, lead_ids):
        """Import a batch; if it is refused, one by one to leave only the culprits."""
        try:
            with self.env.cr.savepoint():
                self._import_batch(reading, lead_ids)
        except UserError as error:
            self.env.invalidate_all()
            if len(lead_ids) > 1:
                for lead_id in lead_ids:
                    self._import_or_fail(reading, [lead_id])
                return
            lead = self.env["crm.lead"].browse(lead_ids)
            line = with_colon(self.env, lead.display_name, error)
            self.failures = "\n".join(filter(None, [self.failures, line]))

    # ------------------------------------------------------------
    # Background
    # ------------------------------------------------------------

    @api.model
    def _cron_import(self):
        """Go on with all imports, each as the user who asked for it."""
        imports = self.sudo().search([("state", "=", "running")], order="id")
        remaining = sum(each.lead_count - each.done_count for each in imports)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for each in imports:
            if not each.create_uid.active:
                each._give_up(self.env._("Who began it is no longer a user."))
            elif not each._as_its_user()._run_or_give_up():
                return

    def _as_its_user(self):
        user = self.create_uid
        return self.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=(user.company_id + user.company_ids).ids,
        )

    def _run_or_give_up(self):
        """Run the import; what nobody foresaw ends it, and not those behind it."""
        try:
            return self._run()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The import %s of a history failed", self.id)
            self.env.cr.rollback()
            reason = str(error) if isinstance(error, UserError) else ""
            reason = reason or self.env._("The administrator finds why in the log.")
            # Its user may have lost the right to read it.
            self.sudo()._give_up(reason)
            return True

    def _give_up(self, reason):
        line = self.env._("The import was given up. %s", reason)
        self.write(
            {
                "state": "failed",
                "failures": "\n".join(filter(None, [self.failures, line])),
            }
        )
        self.env["ir.cron"]._commit_progress()
        if self.create_uid.active:
            self._notify_user()
            self.env["ir.cron"]._commit_progress()

    def _run(self):
        """Import batch after batch.

        :return: whether there was time to finish
        """
        reading = self._read()
        lead_ids = [id_ for id_ in reading.get_lead_ids() if id_ > self.last_lead_id]
        batches = list(split_every(BATCH_SIZE, lead_ids, list))
        for number, batch in enumerate(batches, start=1):
            run_again(self.env, self._import_or_fail, reading, batch)
            self.write(
                {
                    "done_count": self.done_count + len(batch),
                    "last_lead_id": batch[-1],
                }
            )
            has_time = self.env["ir.cron"]._commit_progress(len(batch))
            if not has_time and number < len(batches):
                return False
        self.state = "done"
        self._notify_user()
        self.env["ir.cron"]._commit_progress()
        return True

    def _get_result(self):
        message = self.env._(
            "A history has been imported from “%(file)s”. Opportunities: %(count)s.",
            count=self.done_count,
            file=self.file_name or "",
        )
        if self.failures:
            message += "\n" + self.env._("Not imported:") + "\n" + self.failures
        return message

    def _notify_user(self):
        self.env["mail.thread"].message_notify(
            partner_ids=self.env.user.partner_id.ids,
            subject=self.env._("History not imported")
            if self.state == "failed"
            else self.env._("History imported"),
            body=Markup("<br/>").join(self._get_result().split("\n")),
            email_layout_xmlid="mail.mail_notification_light",
        )
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning" if self.failures else "success",
                "message": self._get_result(),
                "sticky": True,
            },
        )
