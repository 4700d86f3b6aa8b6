import logging

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.arguments import check_records
from ..tools.jobs import run_again
from ..tools.texts import with_colon
from .crm_pipeline_move import MAX_NAMED

_logger = logging.getLogger(__name__)


class CrmPipelineMove(models.TransientModel):
    """A big move that goes on in the background, batch after batch, as its user."""

    _inherit = "crm.pipeline.move"

    def _start(self, count):
        """Let the scheduled action do the move, and show its progress."""
        self.write({"state": "running", "planned_count": count})
        cron = self.env.ref("sales_pipeline_plus.ir_cron_pipeline_move").sudo()
        cron._trigger()
        return self._get_action()

    def action_refresh(self):
        """Show how far the move has come."""
        check_records(self)
        self.check_access("read")
        return self._get_action()

    @api.model
    def _cron_move(self):
        """Go on with all moves, each as the user who asked for it."""
        moves = [move._as_its_user() for move in self._get_running()]
        remaining = sum(len(move._get_movable_leads()) for move in moves)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for move in moves:
            if not move._run_or_give_up():
                return

    @api.model
    def _get_running(self):
        """Return the moves to go on with, as a list: they may be of several models."""
        return list(self.sudo().search([("state", "=", "running")], order="id"))

    def _as_its_user(self):
        user = self.create_uid
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )

    def _run_or_give_up(self):
        """Run the move; what nobody foresaw ends it, and not those behind it."""
        try:
            return self._run()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The move %s to another pipeline failed", self.id)
            self.env.cr.rollback()
            reason = str(error) if isinstance(error, UserError) else ""
            self.sudo().write(
                {
                    "state": "done",
                    "failures": self.env._(
                        "The move was given up. %s",
                        reason or self.env._("The administrator finds why in the log."),
                    ),
                }
            )
            self.env["ir.cron"]._commit_progress()
            return True

    def _run(self):
        """Move batch after batch; what is moved or has failed is not met again.

        :return: whether there was time to finish
        """
        batches = list(self._split(self._group_leads()))
        for number, (leads, line) in enumerate(batches, start=1):
            self.moved_count += run_again(self.env, self._move_or_fail, leads, line)
            has_time = self.env["ir.cron"]._commit_progress(len(leads))
            if not has_time and number < len(batches):
                return False
        self._fail(
            self._get_movable_leads(),
            self.env._("changed since the preview was made"),
        )
        self.state = "done"
        self._notify_user()
        self.env["ir.cron"]._commit_progress()
        return True

    def _move_or_fail(self, leads, line):
        """Move a batch; if it is refused, one by one to leave only the culprits.

        :return: the number of leads that have moved
        """
        try:
            with self.env.cr.savepoint():
                self._move_batch(leads, line)
            return len(leads)
        except UserError as error:
            self.env.invalidate_all()
            if len(leads) == 1:
                self._fail(leads, str(error))
                return 0
        return sum(self._move_or_fail(lead, line) for lead in leads)

    def _fail(self, leads, reason):
        """Leave leads where they are, and remember why for the report."""
        if not leads:
            return
        named = [
            with_colon(self.env, lead.display_name, reason)
            for lead in leads[:MAX_NAMED]
        ]
        if len(leads) > MAX_NAMED:
            named.append("…")
        self.write(
            {
                "failures": "\n".join(filter(None, [self.failures, *named])),
                "lead_ids": [Command.unlink(lead.id) for lead in leads],
            }
        )

    def _get_subject(self):
        """Return the title of the message that says how it ended."""
        return self.env._("Opportunities moved to “%s”", self.pipeline_id.name)

    def _notify_user(self):
        self.env["mail.thread"].message_notify(
            partner_ids=self.env.user.partner_id.ids,
            subject=self._get_subject(),
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
