from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tools import convert_file

MODULE = "sales_pipeline_plus"
# Their records are not updated by themselves, and the rules have changed.
SECURITY_FILES = (
    "security/automation/crm_pipeline_rule_security.xml",
    "security/automation/crm_visit_security.xml",
    "security/forecast/crm_forecast_snapshot_security.xml",
    "security/passage/crm_lead_passage_security.xml",
)
# The jobs that run hourly now, and how often they ran.
HOURLY = {"ir_cron_forecast_snapshot": "weeks", "ir_cron_neglected_mail": "days"}


def migrate(cr, version):
    """From 19.0.1.0.0: new opportunities go where they went before, stays of which
    nobody knows the way do not count any more, rules and jobs are as in a new database.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    _choose_defaults(env)
    _mark_unknown_ways(cr)
    for path in SECURITY_FILES:
        convert_file(env, MODULE, path, {}, mode="init", noupdate=True)
    _update_crons(env)
    _mark_deciding_role(env)
    # Other indexes begin with the opportunity or its stage, too.
    cr.execute("DROP INDEX IF EXISTS crm_lead__pipeline_stage_id_index")
    cr.execute("DROP INDEX IF EXISTS crm_lead_contact__lead_id_index")
    cr.execute("DROP INDEX IF EXISTS crm_lead_passage__lead_id_index")


def _choose_defaults(env):
    """Make a choice of what was the default: the first pipeline made for a team, else
    the first one that is open to all teams."""
    pipelines = env["crm.pipeline"].search([]).filtered("pipeline_stage_ids")
    pipelines = pipelines.filtered(
        lambda pipeline: not all(pipeline.pipeline_stage_ids.mapped("is_won"))
    )
    without = [("pipeline_id", "=", False)]
    for team in env["crm.team"].with_context(active_test=False).search(without):
        own = pipelines.filtered(
            lambda pipeline, team=team: (
                team in pipeline.with_context(active_test=False).team_ids
                and pipeline.company_id in (team.company_id, env["res.company"])
            )
        )
        if own:
            team.pipeline_id = own[0]
    for company in env["res.company"].with_context(active_test=False).search(without):
        shared = pipelines.filtered(
            lambda pipeline, company=company: (
                not pipeline.with_context(active_test=False).team_ids
                and pipeline.company_id in (company, env["res.company"])
            )
        )
        if shared:
            company.pipeline_id = shared[0]


def _mark_unknown_ways(cr):
    """Nobody knows through which stages a deal came whose first stay is the one in
    which it was entered as won or lost."""
    cr.execute(
        """WITH first AS (
               SELECT DISTINCT ON (lead_id) id
                 FROM crm_lead_passage
             ORDER BY lead_id, date_in, id
           )
           UPDATE crm_lead_passage AS stay
              SET is_path_known = FALSE, conversion_rate = NULL, loss_rate = NULL
             FROM first, crm_stage AS stage
            WHERE stay.id = first.id
              AND stage.id = stay.stage_id
              AND (stage.is_won
                   OR stay.outcome = 'lost' AND stay.days IS NULL)"""
    )


def _update_crons(env):
    """Only the administrators may run the jobs by hand; some run every hour."""
    known = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "ir.cron")]
    )
    for data in known:
        cron = env["ir.cron"].browse(data.res_id)
        cron.group_ids = [Command.link(env.ref("base.group_system").id)]
        if cron.interval_number == 1 and cron.interval_type == HOURLY.get(data.name):
            cron.write({"interval_type": "hours", "nextcall": env.cr.now()})


def _mark_deciding_role(env):
    """The role of the first version that decides, unless it was deleted."""
    role = env.ref(f"{MODULE}.contact_role_decision_maker", raise_if_not_found=False)
    if role:
        role.decides = True
