import logging
from tempfile import TemporaryFile

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.arguments import check_mapping, check_records

_logger = logging.getLogger(__name__)

DAYS_PARAMETER = "sales_pipeline_plus.workbook_days"
DEFAULT_DAYS = 30
# With more opportunities than these nobody should wait for the answer.
DEALS_AT_ONCE = 5_000
# Presses of a button that follow each other so closely are one.
MOMENT = relativedelta(seconds=10)
# What ends its server again and again, for want of memory or time, is given up.
MOST_TRIES = 3


class CrmWorkbook(models.Model):
    """A workbook of the figures that someone asked for, or gets each month.

    It is made with that user's rights and language. Small ones at once, others by a
    job; it is kept as an attachment for the days that the settings say.
    """

    _name = "crm.workbook"
    _description = "Workbook"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="For",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_ids = fields.Many2many("res.company", readonly=True, string="Companies")
    filters = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "In Progress"),
            ("done", "Ready"),
            ("failed", "Failed"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    progress = fields.Float("Progress (%)", readonly=True, aggregator=None)
    error = fields.Text(readonly=True)
    tries = fields.Integer(
        readonly=True,
        copy=False,
        help="How often it was begun. One whose server is stopped in the middle is "
        "begun again, a few times.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, ondelete="set null", copy=False
    )
    date_end = fields.Date(
        "Kept Until", readonly=True, help="Empty as long as it is not ready."
    )
    recipient_id = fields.Many2one(
        "crm.workbook.recipient",
        string="Monthly Mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    month = fields.Date(readonly=True, help="The first day of the month it is about.")

    _in_work_idx = models.Index("(id) WHERE state IN ('pending', 'running')")
    _once_a_month_uniq = models.Constraint(
        "UNIQUE(recipient_id, month)",
        "A recipient gets the workbook of a month once.",
    )

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def action_export(self, filters=None):
        """Make a workbook: a download if it is small, else a job with a notification.

        :param filters: as for :meth:`crm.kpi.get_figures`
        :return: dict of an action
        :raise UserError: if the filters are not understood
        """
        writer = self.env["crm.kpi.workbook"]
        filters = check_mapping(self.env, "filters", filters)
        workbook = self._find_just_asked(filters)
        if not workbook:
            workbook = self.sudo().create(
                {
                    "name": writer._get_file_name(filters),
                    "user_id": self.env.uid,
                    "company_ids": self.env.companies.ids,
                    "filters": filters,
                }
            )
            workbook = workbook.with_env(self.env)
            if workbook._is_small():
                workbook._make()
        if workbook.state == "done":
            return workbook._say_ready()
        self.env.ref("sales_pipeline_plus.ir_cron_workbook").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("The workbook is on its way"),
                "message": self.env._(
                    "You are told as soon as it is ready, and find it in Reporting, "
                    "Workbooks."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _find_just_asked(self, filters):
        """Return the user's workbook of the same filters that is on its way, or was
        made a moment ago: a second press makes no second one."""
        companies = self.env.companies
        moment = self.env.cr.now() - MOMENT
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("recipient_id", "=", False),
                "|",
                ("state", "in", ["pending", "running"]),
                "&",
                ("attachment_id", "!=", False),
                ("create_date", ">=", moment),
            ]
        ).filtered(
            lambda workbook: (
                # Odoo keeps an empty mapping as nothing.
                (workbook.filters or {}) == (filters or {})
                and workbook.company_ids == companies
            )
        )[:1]

    def _say_ready(self):
        """Return the action that downloads it and says where it is kept."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("The workbook is ready"),
                "message": self.env._(
                    "Its download begins. Until %(date)s you find it in %(place)s.",
                    date=format_date(self.env, self.date_end),
                    place="%s",
                ),
                "links": [
                    {
                        "label": self.env._("Reporting, Workbooks"),
                        "url": "/odoo/crm-workbooks",
                    }
                ],
                "next": self.action_download(),
            },
        }

    def action_download(self):
        check_records(self)
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(
                self.env._("“%s” is not ready, or was deleted by now.", self.name)
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
            "close": True,
        }

    def action_retry(self):
        """Make failed workbooks again."""
        check_records(self)
        self.check_access("read")
        self.sudo().filtered(lambda workbook: workbook.state == "failed").write(
            {"state": "pending", "error": False, "progress": 0, "tries": 0}
        )
        self.env.ref("sales_pipeline_plus.ir_cron_workbook").sudo()._trigger()

    def _is_small(self):
        deals = self.env["crm.lead"].with_context(active_test=False)
        _period, _comparison, domain = self.env["crm.kpi"]._read_filters(self.filters)
        domain &= Domain("type", "=", "opportunity")
        limit = DEALS_AT_ONCE + 1
        return deals.search_count(domain, limit=limit) < limit

    # ------------------------------------------------------------
    # Making
    # ------------------------------------------------------------

    def _with_its_user(self):
        """Return the workbook as its user would ask for it: rights, language, zone."""
        user = self.user_id
        companies = self.company_ids & user.company_ids or user.company_id
        if user.company_id in companies:
            companies = user.company_id | companies
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=companies.ids
        )

    def _make(self, progress=None):
        """Write the file and keep it as an attachment."""
        self.ensure_one()
        with TemporaryFile() as target:
            self.env["crm.kpi.workbook"]._write_workbook(
                target, self.filters, progress=progress
            )
            target.seek(0)
            content = target.read()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.name,
                    "raw": content,
                    "mimetype": "application/vnd.openxmlformats-officedocument"
                    ".spreadsheetml.sheet",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.sudo().write(
            {
                "state": "done",
                "progress": 100,
                "attachment_id": attachment.id,
                "date_end": fields.Date.context_today(self)
                + relativedelta(days=self._get_days()),
            }
        )

    @api.model
    def _get_days(self):
        """Return for how many days a workbook is kept."""
        value = self.env["ir.config_parameter"].sudo().get_param(DAYS_PARAMETER)
        return int(value) if (value or "").isdigit() else DEFAULT_DAYS

    @api.model
    def _set_days(self, days):
        """Keep for how many days a workbook is kept."""
        self._check_days(days)
        self.env["ir.config_parameter"].sudo().set_param(DAYS_PARAMETER, str(days))

    @api.model
    def _check_days(self, days):
        if days < 1:
            raise ValidationError(self.env._("Workbooks are kept for a day at least."))

    @api.model
    def _cron_make(self):
        """Make the workbooks that wait, and those that a stopped server left behind."""
        self.env["crm.workbook.recipient"]._add_due_workbooks()
        # What was begun before comes last: it may end this server as well.
        waiting = self.search(
            [("state", "in", ["pending", "running"])], order="tries NULLS FIRST, id"
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(waiting))
        for workbook in waiting:
            workbook._make_in_job()
            if not cron._commit_progress(1):
                break

    def _make_in_job(self):
        """Make one workbook and tell its user; a failure is told too.

        That it is tried is committed first: a worker that is killed counts as well.
        """
        own = self._with_its_user()
        if self.tries >= MOST_TRIES:
            text = own.env._(
                "Given up (tries: %(count)s): the server was stopped each time it was "
                "made. Choose a shorter period, a team or a pipeline.",
                count=self.tries,
            )
            self.write({"state": "failed", "error": text})
            own._tell_user()
            return
        self.write({"state": "running", "progress": 0, "tries": self.tries + 1})
        self.env["ir.cron"]._commit_progress()

        def show_progress(percentage):
            self.progress = percentage
            self.env["ir.cron"]._commit_progress()

        try:
            own._make(show_progress)
        except Exception as error:
            # Whatever went wrong with one must not keep the others waiting.
            _logger.exception("Workbook %s of user %s failed", self.id, self.user_id.id)
            self.env.cr.rollback()
            self.write({"state": "failed", "error": own._get_error_text(error)})
        own._tell_user()

    def _get_error_text(self, error):
        if isinstance(error, (AccessError, UserError)):
            return str(error)
        return self.env._("An unexpected error; the administrator finds it in the log.")

    def _tell_user(self):
        """Notify the user; in the transaction that says it is ready, so just once."""
        self.ensure_one()
        if self.recipient_id and self.state == "done":
            self.recipient_id.sudo()._send(self)
            return
        is_done = self.state == "done"
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if is_done else "danger",
                "title": self.name,
                "message": self.env._("The workbook is ready: Reporting, Workbooks.")
                if is_done
                else self.error,
                "sticky": True,
            },
        )
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.name,
            body=self.env["ir.qweb"]._render(
                "sales_pipeline_plus.workbook_body", {"workbook": self}
            ),
            email_layout_xmlid="mail.mail_notification_light",
        )

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_workbooks(self):
        """Delete workbooks whose time is over, with their files.

        The monthly ones stay as a line without a file: they say what was sent.
        """
        old = self.search([("date_end", "<", fields.Date.context_today(self))])
        old.attachment_id.unlink()
        old.filtered(lambda workbook: not workbook.recipient_id).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_files(self):
        self.sudo().attachment_id.unlink()
