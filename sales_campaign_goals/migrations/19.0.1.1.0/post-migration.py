from odoo import SUPERUSER_ID, api
from odoo.fields import Command


def migrate(cr, version):
    """From 19.0.1.0.0: only the administrators may run the jobs by hand."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    known = env["ir.model.data"].search(
        [("module", "=", "sales_campaign_goals"), ("model", "=", "ir.cron")]
    )
    crons = env["ir.cron"].browse(known.mapped("res_id"))
    crons.group_ids = [Command.link(env.ref("base.group_system").id)]
