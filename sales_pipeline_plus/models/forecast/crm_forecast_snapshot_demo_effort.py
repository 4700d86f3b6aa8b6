from datetime import timedelta
from random import Random

from odoo import api, fields, models
from odoo.fields import Command

from .crm_forecast_snapshot_demo import HISTORIES

PRODUCTS = {
    "pipeline_equipment": "product_lathe_tx600",
    "pipeline_spare": "product_spindle",
}
# How often a stay had its call, e-mail and meeting
ACTIVITIES = (
    ("mail.mail_activity_data_call", 0.8),
    ("mail.mail_activity_data_email", 0.4),
    ("mail.mail_activity_data_meeting", 0.35),
)
CONTEXT = {
    "dont_notify": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nolog": True,
    "no_mail_to_attendees": True,
    "tracking_disable": True,
}


class CrmForecastSnapshot(models.Model):
    """What was done for the opportunities of the demo data's year: activities, meetings
    and quotations."""

    _inherit = "crm.forecast.snapshot"

    @api.model
    def _make_demo_history(self):
        result = super()._make_demo_history()
        random = Random(1951)
        for history in HISTORIES:
            pipeline = self._get_demo_record(history.pipeline)
            leads = self.env["crm.lead"].with_context(active_test=False, **CONTEXT)
            leads = leads.search(
                [
                    ("pipeline_id", "=", pipeline.id),
                    ("won_status", "in", ["won", "lost"]),
                    ("type", "=", "opportunity"),
                    ("date_closed", "!=", False),
                ],
                order="id",
            )
            self._make_demo_activities(leads, random)
            product = self._get_demo_record(PRODUCTS[history.pipeline])
            self._make_demo_quotations(leads, product, random)
        return result

    @api.model
    def _make_demo_activities(self, leads, random):
        """Write down the activities done, and the meetings held, in each stay."""
        now = fields.Datetime.now()
        types = [(self.env.ref(name), chance) for name, chance in ACTIVITIES]
        messages, events = [], []
        for lead in leads:
            for stay in lead.passage_ids.sorted("date_in"):
                days = int(stay.days)
                if stay.stage_id.is_won or not days:
                    continue
                for kind, chance in types:
                    if random.random() >= chance:
                        continue
                    moment = stay.date_in.replace(
                        hour=random.choice((8, 9, 10, 13, 14, 15)), minute=0, second=0
                    ) + timedelta(days=random.randrange(days))
                    if moment >= now:
                        continue
                    messages.append(
                        {
                            "model": lead._name,
                            "res_id": lead.id,
                            "author_id": lead.user_id.partner_id.id,
                            "body": kind.name,
                            "date": moment,
                            "mail_activity_type_id": kind.id,
                            "message_type": "notification",
                            "subtype_id": self.env.ref("mail.mt_activities").id,
                        }
                    )
                    if kind.category == "meeting":
                        events.append(self._prepare_demo_meeting(lead, moment, random))
        self.env["mail.message"].create(messages)
        meetings = self.env["calendar.event"].with_context(**CONTEXT).create(events)
        self._name_demo_records(meetings)

    @api.model
    def _prepare_demo_meeting(self, lead, moment, random):
        return {
            "name": lead.name,
            "opportunity_id": lead.id,
            "user_id": lead.user_id.id,
            "partner_ids": [Command.set(lead.user_id.partner_id.ids)],
            "start": moment,
            "stop": moment + timedelta(minutes=random.choice((60, 90, 120))),
        }

    @api.model
    def _make_demo_quotations(self, leads, product, random):
        """Quote what was won, and half of what was lost, shortly before."""
        quoted = leads.filtered(
            lambda lead: (
                not lead.order_ids
                and (lead.won_status == "won" or random.random() < 0.5)
            )
        )
        orders = self.env["sale.order"].with_context(**CONTEXT)
        orders = orders.create(
            [
                {
                    "partner_id": lead.partner_id.id,
                    "opportunity_id": lead.id,
                    "user_id": lead.user_id.id,
                    "team_id": lead.team_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": lead.expected_revenue,
                            }
                        )
                    ],
                }
                for lead in quoted
            ]
        )
        for order, lead in zip(orders, quoted, strict=True):
            quoted_on = lead.date_closed - timedelta(days=random.randrange(2, 12))
            order.write(
                {
                    "state": "sale" if lead.won_status == "won" else "sent",
                    "date_order": quoted_on,
                    "date_sent": quoted_on,
                }
            )
        self._name_demo_records(orders)

    @api.model
    def _name_demo_records(self, records):
        """Give identifiers: uninstalling takes what has one along."""
        prefix = f"sales_pipeline_plus.{records._table}_of_the_year"
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{prefix}_{record.id}",
                    "record": record,
                    "noupdate": True,
                }
                for record in records
            ]
        )
