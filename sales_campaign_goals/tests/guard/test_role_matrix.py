from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GuardCase
from .introspection import (
    get_actions,
    get_public_methods,
    get_required_arguments,
    get_routes,
)
from .table import Table

OPERATIONS = {"create": "c", "read": "r", "write": "w", "unlink": "u"}


@tagged("post_install", "-at_install")
class TestRoleMatrix(GuardCase):
    """What each role may do with each model, method, action and route of ours.

    All of them are found by introspection: what is new fails until it is in the table,
    and with it in a review.
    """

    def test_models(self):
        """Letters: create, read, write, unlink the record that ``own`` is in charge
        of, by access rights and record rules; of a dialog, the one of ``own``."""
        rows = {}
        wizards = self._new_wizards(self.owner)
        for name in self._get_own_models():
            record = {**self.records, **wizards}.get(name, self.env[name])
            rows[name] = tuple(
                "".join(
                    letter
                    for operation, letter in OPERATIONS.items()
                    if self._as(user, record).has_access(operation)
                )
                or "-"
                for user in self.roles.values()
            )
        Table("roles_models.txt", list(self.roles)).check(self, rows)

    @mute_logger(
        "odoo.addons.base.models.ir_model", "odoo.models.unlink", "odoo.sql_db"
    )
    def test_methods(self):
        """``yes`` where the method may be called on the record, or answers with another
        remark than that it may not."""
        rows = {}
        with self._patched_workbook():
            for (model, name), function in get_public_methods(self.env).items():
                rows[f"{model}.{name}"] = tuple(
                    "yes" if self._may_call(user, model, name, function) else "-"
                    for user in self.roles.values()
                )
        Table("roles_methods.txt", list(self.roles)).check(self, rows)

    def _may_call(self, user, model, name, function):
        arguments = [
            self._get_argument(argument)
            for argument in get_required_arguments(function)
        ]
        savepoint = self.env.cr.savepoint()
        try:
            if not getattr(function, "_api_model", False):
                arguments.insert(0, self._get_callees(model, user).ids)
            self.env.invalidate_all()
            records = self._as(user, self.env[model])
            call_kw(records, name, arguments, {})
            records.env.flush_all()
        except (AccessError, MissingError):
            return False
        except (UserError, IntegrityError):
            # Odoo's dispatcher makes a sentence of the latter.
            return True
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.registry.clear_cache()
        return True

    def _get_callees(self, model, user):
        others = {
            "mail.activity": lambda: self.deal.activity_schedule(
                "mail.mail_activity_data_call", user_id=user.id
            ),
            "mail.activity.schedule": lambda: (
                self.env[model]
                .with_user(user)
                .sudo()
                .with_context(active_model="crm.lead", active_ids=self.deal.ids)
                .create({})
            ),
            "res.config.settings": lambda: self.env[model].create({}),
            "crm.stage": lambda: self.stage,
            "res.partner": lambda: self.partner,
            "sale.order": lambda: self._new_order(self.deal),
            "utm.campaign": lambda: self.campaign.utm_campaign_id,
        }
        if model in others:
            return others[model]()
        return self._get_record(model, user)

    def _get_argument(self, name):
        """Return a plain value for an argument; a new name is to be added here."""
        return {
            "button": "action_set_won_rainbowman",
            "code": "won_count",
            "domain": [],
            "granularity": "month",
            "is_home": True,
            "model": "crm.lead",
            "partner": False,
            "specification": {},
            "stage_id": self.next_stage.id,
            "start": MONTH,
            "starts": [MONTH],
            "state": "good",
        }[name]

    def test_actions(self):
        """``yes`` where Odoo offers the menu, or lets the role open or run the action:
        by its roles, else by the rights on its model."""
        rows = {}
        for name, record in get_actions(self.env).items():
            rows[name] = tuple(
                "yes" if self._is_offered(record.sudo(False), user) else "-"
                for user in self.roles.values()
            )
        Table("roles_actions.txt", list(self.roles)).check(self, rows)

    def _is_offered(self, record, user):
        if record._name == "ir.ui.menu":
            menus = self.env["ir.ui.menu"].with_user(user)
            return user._is_internal() and record.id in menus._visible_menu_ids()
        groups = record.sudo().group_ids if "group_ids" in record._fields else None
        if groups and not groups & user.all_group_ids:
            return False
        if record._name == "ir.actions.server":
            model, operation = record.sudo().model_name, "write"
            if groups:
                return True
        else:
            model, operation = getattr(record.sudo(), "res_model", False), "read"
        return not model or self.env[model].with_user(user).has_access(operation)

    def test_routes(self):
        self.assertEqual(
            get_routes(self.env),
            {
                "/crm/neglected-deals/unsubscribe": "public GET+POST",
                "/sales_pipeline_plus/guide": "user GET",
            },
        )


MONTH = "2026-03-01"
