"""Installation on a live database.

No probability, stage or amount changes: the new columns are filled by SQL, before and
after the ORM could compute them, with what describes the database as it is.
"""

from odoo.fields import Command
from odoo.tools import SQL

from .tools.uninstall import release_links


def pre_init_hook(env):
    """Create the columns and take over Odoo's own idea of a manual probability.

    An existing column is not computed by the ORM at installation, which takes long and
    makes every lead look as if it had just been changed.
    """
    env.cr.execute(
        """ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS pipeline_id integer;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS pipeline_stage_id integer;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS probability_source varchar;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS pipeline_properties jsonb;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS date_start timestamp;
           ALTER TABLE crm_lead
             ADD COLUMN IF NOT EXISTS qualification_score numeric DEFAULT 0;
           ALTER TABLE crm_lead ALTER COLUMN qualification_score DROP DEFAULT;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS first_decision_date date;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS last_decision_date date;
           ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS slip_days integer DEFAULT 0;
           ALTER TABLE crm_lead ALTER COLUMN slip_days DROP DEFAULT;
           ALTER TABLE crm_lead
             ADD COLUMN IF NOT EXISTS postponement_count integer DEFAULT 0;
           ALTER TABLE crm_lead ALTER COLUMN postponement_count DROP DEFAULT;
           ALTER TABLE crm_lead
             ADD COLUMN IF NOT EXISTS advance_count integer DEFAULT 0;
           ALTER TABLE crm_lead ALTER COLUMN advance_count DROP DEFAULT;
           ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS date_quoted timestamp;
           UPDATE sale_order SET date_quoted = date_order;
           UPDATE crm_lead
              SET date_start = create_date,
                  probability_source = CASE
                WHEN won_status = 'pending'
                     AND abs(COALESCE(probability, 0)
                             - COALESCE(automated_probability, 0)) >= 0.005
                THEN 'manual' ELSE 'predictive' END;"""
    )


def post_init_hook(env):
    """Make the pipelines that describe the stages and teams that are there.

    One pipeline has the stages that Odoo shares between teams; the teams that have
    stages of their own get a pipeline with the shared and their own ones. Odoo's
    predictive scoring stays. The pipelines and teams of the demo data, which is loaded
    before, are left alone.
    """
    shared = env["crm.stage"].search([("team_ids", "=", False)])
    general_stages = shared or env["crm.stage"].search([])
    if general_stages:
        _create_general_pipeline(env, general_stages)
    teams_by_stages = {}
    without_pipeline = (
        env["crm.team"]
        .with_context(active_test=False)
        .search([("pipeline_id", "=", False)])
    )
    for team in without_pipeline:
        own = env["crm.stage"].search([("team_ids", "in", team.ids)])
        if own:
            teams_by_stages.setdefault(own, env["crm.team"])
            teams_by_stages[own] |= team
    for own, teams in teams_by_stages.items():
        name = ", ".join(teams.mapped("name"))
        pipeline = _create_pipeline(env, name, (shared | own).sorted(), teams)
        if not all((shared | own).mapped("is_won")):
            teams.pipeline_id = pipeline
        _assign_leads(env, pipeline, teams)
    _adopt_stray_stages(env)
    env.cr.execute(
        """UPDATE crm_lead
              SET pipeline_stage_id = line.id
             FROM crm_pipeline_stage AS line
            WHERE line.pipeline_id = crm_lead.pipeline_id
              AND line.stage_id = crm_lead.stage_id
              AND crm_lead.pipeline_stage_id IS NULL"""
    )
    _create_primary_contacts(env)
    env["crm.lead"].invalidate_model()
    env["crm.lead.passage"]._fill_from_history()
    env["crm.lead"]._fill_slips_from_history()


def _create_primary_contacts(env):
    """Give each lead that has a contact the line for it."""
    env.cr.execute(
        """INSERT INTO crm_lead_contact
                  (lead_id, partner_id, sequence, is_automatic,
                   create_uid, create_date, write_uid, write_date)
           SELECT id, partner_id, 0, TRUE, 1, now() AT TIME ZONE 'UTC',
                  1, now() AT TIME ZONE 'UTC'
             FROM crm_lead
            WHERE partner_id IS NOT NULL
      ON CONFLICT DO NOTHING"""
    )


def _create_general_pipeline(env, stages):
    """Make the pipeline of all teams, where new opportunities of all companies go."""
    general = _create_pipeline(env, env._("Sales Pipeline"), stages)
    general.update_field_translations(
        "name",
        {
            code: env(context=dict(env.context, lang=code))._("Sales Pipeline")
            for code, _name in env["res.lang"].get_installed()
        },
    )
    _assign_leads(env, general, None)
    if not all(stages.mapped("is_won")):
        env["res.company"].with_context(active_test=False).search(
            [("pipeline_id", "=", False)]
        ).pipeline_id = general


def _create_pipeline(env, name, stages, teams=None):
    pipelines = env["crm.pipeline"]
    return pipelines.create(
        {
            "name": name,
            "sequence": 5 if teams else 100,
            "probability_method": "predictive",
            "follow_odoo_stages": True,
            "reopening_policy": "allowed",
            "team_ids": teams.ids if teams else [],
            "pipeline_stage_ids": [
                Command.create(vals) for vals in pipelines._prepare_stage_lines(stages)
            ],
        }
    )


def _assign_leads(env, pipeline, teams):
    """Put the leads of these teams (all leads when None) into the pipeline.

    Leads that already have one, from the demo data, stay.
    """
    condition = SQL("team_id IN %s", tuple(teams.ids)) if teams else SQL("TRUE")
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE crm_lead SET pipeline_id = %s
                WHERE pipeline_stage_id IS NULL AND %s""",
            pipeline.id,
            condition,
        )
    )


def _adopt_stray_stages(env):
    """Add the stages in which leads are although Odoo does not offer them there."""
    env.cr.execute(
        """SELECT DISTINCT lead.pipeline_id, lead.stage_id
             FROM crm_lead AS lead
        LEFT JOIN crm_pipeline_stage AS line
               ON line.pipeline_id = lead.pipeline_id
              AND line.stage_id = lead.stage_id
            WHERE lead.stage_id IS NOT NULL
              AND lead.pipeline_id IS NOT NULL
              AND line.id IS NULL"""
    )
    for pipeline_id, stage_id in env.cr.fetchall():
        env["crm.pipeline"].browse(pipeline_id)._add_stages(
            env["crm.stage"].browse(stage_id)
        )


def uninstall_hook(env):
    """Let the records go in any order; Odoo keeps teams that demo stages are for."""
    stages = env["ir.model.data"].search(
        [("module", "=", "sales_pipeline_plus"), ("model", "=", "crm.stage")]
    )
    env["crm.stage"].browse(stages.mapped("res_id")).exists().write({"team_ids": False})
    release_links(env, "sales_pipeline_plus")
