"""Installation on a live database.

No probability, stage or amount changes: the new columns are filled by SQL, before and
after the ORM could compute them, with what describes the database as it is.
"""

import json
import logging

from odoo.fields import Command
from odoo.tools import SQL

from .tools.live_database import (
    cancel_waiting,
    fill_columns,
    lock_tables,
    without_foreign_keys,
)
from .tools.uninstall import release_links

_logger = logging.getLogger(__name__)

# What is written anew, and what the foreign keys of the filled tables refer to.
LOCKED = (
    "res_users",
    "res_company",
    "res_partner",
    "crm_team",
    "crm_stage",
    "sale_order",
    "crm_lead",
)


def pre_init_hook(env):
    """Create the columns that the ORM would compute record by record.

    They are filled when the pipelines are there, see ``_fill_leads``.
    """
    lock_tables(env.cr, *LOCKED)
    env.cr.execute(
        """ALTER TABLE crm_lead
             ADD COLUMN IF NOT EXISTS pipeline_id integer,
             ADD COLUMN IF NOT EXISTS pipeline_stage_id integer,
             ADD COLUMN IF NOT EXISTS probability_source varchar,
             ADD COLUMN IF NOT EXISTS pipeline_properties jsonb,
             ADD COLUMN IF NOT EXISTS date_start timestamp,
             ADD COLUMN IF NOT EXISTS qualification_score numeric,
             ADD COLUMN IF NOT EXISTS first_decision_date date,
             ADD COLUMN IF NOT EXISTS last_decision_date date,
             ADD COLUMN IF NOT EXISTS slip_days integer,
             ADD COLUMN IF NOT EXISTS postponement_count integer,
             ADD COLUMN IF NOT EXISTS advance_count integer;
           ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS date_quoted timestamp;"""
    )


def post_init_hook(env):
    """Make the pipelines that describe the stages and teams that are there.

    One pipeline has the stages that Odoo shares between teams; the teams that have
    stages of their own get a pipeline with the shared and their own ones. Odoo's
    predictive scoring stays. The pipelines and teams of the demo data, which is loaded
    before, are left alone.
    """
    # What another addon checks at the end only would keep its table from being altered.
    env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
    pipelines = _create_pipelines(env)
    _logger.info("Filling the columns of the leads and orders")
    env["crm.lead"]._fill_slips_from_history()
    _fill_leads(env, pipelines)
    fill_columns(env.cr, "sale_order", {"date_quoted": SQL("date_order")})
    env.invalidate_all()
    _logger.info("Filling the contacts of the leads")
    _create_primary_contacts(env)
    _logger.info("Filling the stays of the leads in their stages")
    with without_foreign_keys(env.cr, "crm_lead_passage"):
        env["crm.lead.passage"]._fill_from_history()
    env.cr.execute("ANALYZE crm_lead, crm_lead_contact, crm_lead_passage, sale_order")
    cancel_waiting(env.cr)


def _create_pipelines(env):
    """Return the pipelines by the teams whose leads they are for: no team for all."""
    shared = env["crm.stage"].search([("team_ids", "=", False)])
    pipelines = {}
    general_stages = shared or env["crm.stage"].search([])
    if general_stages:
        pipelines[env["crm.team"]] = _create_general_pipeline(env, general_stages)
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
        pipelines[teams] = pipeline
    return pipelines


def _fill_leads(env, pipelines):
    """Fill all columns of the leads at once.

    The leads of the demo data, which is loaded before, already have theirs. Odoo's own
    idea of a manual probability is taken over. Odoo does not track the expected closing
    date by itself: the present one is the first, unless a slip was tracked.
    """
    by_team = SQL(" ").join(
        SQL("WHEN team_id = ANY(%s) THEN %s", teams.ids, pipeline.id)
        for teams, pipeline in pipelines.items()
        if teams
    )
    general = pipelines.get(env["crm.team"], env["crm.pipeline"]).id or None
    pipeline = SQL(
        """CASE WHEN pipeline_stage_id IS NOT NULL THEN pipeline_id
                %s ELSE %s::integer END""",
        by_team,
        general,
    )
    env.flush_all()
    _adopt_stray_stages(env, pipeline)
    lines = {
        f"{line.pipeline_id.id} {line.stage_id.id}": line.id
        for line in env["crm.pipeline.stage"].search([])
    }
    env.flush_all()
    fill_columns(
        env.cr,
        "crm_lead",
        {
            "pipeline_id": pipeline,
            "pipeline_stage_id": SQL(
                """COALESCE(pipeline_stage_id,
                            (%s::jsonb ->> (%s || ' ' || stage_id))::integer)""",
                json.dumps(lines),
                pipeline,
            ),
            "probability_source": SQL(
                """CASE WHEN probability_source IS NOT NULL THEN probability_source
                        WHEN won_status = 'pending'
                             AND abs(COALESCE(probability, 0)
                                     - COALESCE(automated_probability, 0)) >= 0.005
                        THEN 'manual' ELSE 'predictive' END"""
            ),
            "date_start": SQL("COALESCE(date_start, create_date)"),
            "first_decision_date": SQL("COALESCE(first_decision_date, date_deadline)"),
            "last_decision_date": SQL("COALESCE(last_decision_date, date_deadline)"),
            **{
                column: SQL("COALESCE(%s, 0)", SQL.identifier(column))
                for column in (
                    "qualification_score",
                    "slip_days",
                    "postponement_count",
                    "advance_count",
                )
            },
        },
    )


def _create_primary_contacts(env):
    """Give each lead that has a contact the line for it."""
    with without_foreign_keys(env.cr, "crm_lead_contact"):
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
    if not all(stages.mapped("is_won")):
        env["res.company"].with_context(active_test=False).search(
            [("pipeline_id", "=", False)]
        ).pipeline_id = general
    return general


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


def _adopt_stray_stages(env, pipeline):
    """Add the stages in which leads are although Odoo does not offer them there."""
    env.cr.execute(
        SQL(
            """SELECT lead.pipeline_id, lead.stage_id
                 FROM (SELECT DISTINCT %s AS pipeline_id, stage_id
                         FROM crm_lead) AS lead
            LEFT JOIN crm_pipeline_stage AS line
                   ON line.pipeline_id = lead.pipeline_id
                  AND line.stage_id = lead.stage_id
                WHERE lead.stage_id IS NOT NULL
                  AND lead.pipeline_id IS NOT NULL
                  AND line.id IS NULL""",
            pipeline,
        )
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
