from odoo import api, models
from odoo.tools import SQL

from .crm_lead_passage import SECONDS_OF_DAY


class CrmLeadPassage(models.Model):
    """The passages of what was there before, from what Odoo tracked."""

    _inherit = "crm.lead.passage"

    @api.model
    def _fill_from_history(self):
        """Make the passages of the opportunities that have none yet, in SQL.

        Stages, pipelines, amounts, owners and losses are taken from what Odoo tracked.
        Probabilities and expected closing dates were not tracked: they stay empty.
        A loss is an archiving; the last one counts only if the deal is lost today.
        """
        self.env.flush_all()
        self._write_moves()
        self.flush_model()
        get_field = self.env["ir.model.fields"]._get
        field = {
            name: get_field("crm.lead", name).id or 0
            for name in (
                "active",
                "expected_revenue",
                "pipeline_id",
                "stage_id",
                "team_id",
                "type",
                "user_id",
            )
        }
        moving = tuple(field[name] for name in ("active", "pipeline_id", "stage_id"))
        self.env.cr.execute(
            SQL(
                """
    DROP TABLE IF EXISTS passage_lead, passage_change, passage_boundary;
    CREATE TEMPORARY TABLE passage_lead ON COMMIT DROP AS
        SELECT id, create_uid, company_id, stage_id, pipeline_id, expected_revenue,
               user_id, team_id, won_status, date_last_stage_update,
               GREATEST(create_date, date_conversion) AS date_begin,
               COALESCE(date_closed, date_last_stage_update, create_date) AS closed
          FROM crm_lead
         WHERE type = 'opportunity'
           AND pipeline_id IS NOT NULL
           AND stage_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM crm_lead_passage AS passage
                            WHERE passage.lead_id = crm_lead.id);
    CREATE UNIQUE INDEX ON passage_lead (id);
    CREATE TEMPORARY TABLE passage_change ON COMMIT DROP AS
        SELECT lead.id AS lead_id, value.field_id, message.date, value.id,
               message.create_uid AS uid, lead.date_begin,
               old_value_integer, new_value_integer, old_value_float, new_value_float
          FROM passage_lead AS lead
          JOIN mail_message AS message
            ON message.model = 'crm.lead' AND message.res_id = lead.id
          JOIN mail_tracking_value AS value ON value.mail_message_id = message.id
         WHERE value.field_id IN %(all_fields)s;
    CREATE INDEX ON passage_change (lead_id, field_id, date, id);
    ANALYZE passage_lead, passage_change;
    CREATE TEMPORARY TABLE passage_boundary ON COMMIT DROP AS
        SELECT DISTINCT ON (lead_id, date)
               lead_id, date, id, uid
          FROM (SELECT lead.id AS lead_id, date_begin AS date, 0 AS id,
                       COALESCE(
                         (SELECT uid FROM passage_change AS conversion
                           WHERE conversion.lead_id = lead.id
                             AND conversion.field_id = %(type)s
                           ORDER BY date DESC, id DESC LIMIT 1),
                         create_uid) AS uid
                  FROM passage_lead AS lead
             UNION ALL
                SELECT lead_id, GREATEST(date, date_begin), id, uid
                  FROM passage_change
                 WHERE field_id IN %(moving)s) AS known
      ORDER BY lead_id, date, id DESC""",
                all_fields=tuple(field.values()),
                moving=moving,
                type=field["type"],
            )
        )

        def as_of(name, column, current):
            """SQL of a tracked value as it was just after a boundary."""
            old, new = (
                SQL.identifier(f"{age}_value_{column}") for age in ("old", "new")
            )
            return SQL(
                """COALESCE(
                     (SELECT COALESCE(%(new)s, 0) FROM passage_change AS change
                       WHERE change.lead_id = boundary.lead_id
                         AND change.field_id = %(field)s
                         AND change.date <= boundary.date
                       ORDER BY change.date DESC, change.id DESC LIMIT 1),
                     (SELECT COALESCE(%(old)s, 0) FROM passage_change AS change
                       WHERE change.lead_id = boundary.lead_id
                         AND change.field_id = %(field)s
                       ORDER BY change.date, change.id LIMIT 1),
                     %(current)s, 0)""",
                new=new,
                old=old,
                field=field[name],
                current=current,
            )

        self.env.cr.execute(
            SQL(
                """
    WITH known AS (
        SELECT lead_id, boundary.date, uid,
               %(stage)s AS stage_id,
               %(pipeline)s AS pipeline_id,
               %(active)s = 1 AS is_active,
               %(amount)s AS amount,
               %(user)s AS user_id,
               %(team)s AS team_id
          FROM passage_boundary AS boundary
          JOIN passage_lead AS lead ON lead.id = boundary.lead_id
    ), complete AS (
        -- Where the chatter does not lead to the present stage, the move is missing.
        SELECT known.*, 0 AS rank FROM known
     UNION ALL
       (SELECT DISTINCT ON (lead_id)
               lead_id, GREATEST(date, date_last_stage_update), NULL::integer,
               lead.stage_id, lead.pipeline_id, is_active,
               lead.expected_revenue, lead.user_id, lead.team_id, 1
          FROM known
          JOIN passage_lead AS lead ON lead.id = lead_id
      ORDER BY lead_id, date DESC)
    ), lost AS (
        SELECT complete.*, lead.company_id, lead.won_status, lead.closed,
               NOT is_active AND (
                 lead.won_status = 'lost'
                 OR COALESCE(bool_or(is_active) OVER (
                      PARTITION BY lead_id ORDER BY date, rank
                      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), FALSE))
                 AS is_lost
          FROM complete
          JOIN passage_lead AS lead ON lead.id = lead_id
    ), marked AS (
        SELECT lost.*,
               row_number() OVER stays AS number,
               (stage_id, pipeline_id, is_lost) IS NOT DISTINCT FROM
                 (lag(stage_id) OVER stays, lag(pipeline_id) OVER stays,
                  lag(is_lost) OVER stays) AS goes_on
          FROM lost
        WINDOW stays AS (PARTITION BY lead_id ORDER BY date, rank)
    ), started AS (
        SELECT *, lead(date) OVER stays AS next_date,
               lead(stage_id) OVER stays AS next_stage,
               lead(pipeline_id) OVER stays AS next_pipeline,
               lead(is_lost) OVER stays AS next_lost
          FROM marked
         WHERE number = 1 OR NOT goes_on
        WINDOW stays AS (PARTITION BY lead_id ORDER BY date, rank)
    ), stay AS (
        SELECT started.*, stage.id AS stage, next_one.id AS next_one,
               pipeline.id AS pipeline, line.id AS line_id,
               CASE WHEN next_date IS NULL AND won_status IS DISTINCT FROM 'lost'
                    THEN 'open'
                    WHEN next_date IS NULL OR next_lost THEN 'lost'
                    WHEN next_one.is_won AND NOT COALESCE(stage.is_won, FALSE)
                    THEN 'won'
                    WHEN next_pipeline <> started.pipeline_id THEN 'left'
                    WHEN CASE WHEN line.id IS NULL OR next_line.id IS NULL
                              THEN (next_one.sequence, next_one.id)
                                   > (stage.sequence, stage.id)
                              ELSE (next_line.sequence, next_line.id)
                                   > (line.sequence, line.id) END
                    THEN 'forward'
                    ELSE 'back' END AS outcome,
               -- Nobody knows when an imported deal came to the stage of its closing.
               number = 1 AND next_date IS NULL
                 AND (won_status = 'lost' OR stage.is_won) AS is_imported
          FROM started
     LEFT JOIN crm_stage AS stage ON stage.id = started.stage_id
     LEFT JOIN crm_pipeline AS pipeline ON pipeline.id = started.pipeline_id
     LEFT JOIN crm_stage AS next_one ON next_one.id = next_stage
     LEFT JOIN crm_pipeline_stage AS line
            ON line.pipeline_id = started.pipeline_id
           AND line.stage_id = started.stage_id
     LEFT JOIN crm_pipeline_stage AS next_line
            ON next_line.pipeline_id = next_pipeline
           AND next_line.stage_id = next_stage
         WHERE NOT is_lost
    ), dated AS (
        SELECT stay.*,
               CASE WHEN is_imported THEN GREATEST(date, closed) ELSE date END
                 AS date_in,
               CASE WHEN outcome = 'lost'
                    THEN COALESCE(next_date, GREATEST(date, closed))
                    ELSE next_date END AS date_out
          FROM stay
    )
    INSERT INTO crm_lead_passage (
        lead_id, pipeline_id, stage_id, pipeline_stage_id, date_in, date_out, days,
        outcome, next_stage_id, is_path_known, conversion_rate, loss_rate, amount,
        user_id, team_id, company_id, entered_by_id, create_uid, create_date,
        write_uid, write_date)
    SELECT lead_id, pipeline, stage, line_id, date_in, date_out,
           CASE WHEN NOT COALESCE(is_imported, FALSE)
                THEN EXTRACT(EPOCH FROM date_out - date_in) / %(seconds)s END,
           outcome, CASE WHEN outcome NOT IN ('open', 'lost') THEN next_one END,
           is_imported IS NOT TRUE,
           CASE WHEN is_imported THEN NULL
                WHEN outcome IN ('forward', 'won') THEN 100
                WHEN outcome <> 'open' THEN 0 END,
           CASE WHEN is_imported THEN NULL
                WHEN outcome = 'lost' THEN 100 WHEN outcome <> 'open' THEN 0 END,
           amount, owner.id, team.id, dated.company_id, mover.id,
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM dated
 LEFT JOIN res_users AS owner ON owner.id = dated.user_id
 LEFT JOIN crm_team AS team ON team.id = dated.team_id
 LEFT JOIN res_users AS mover ON mover.id = dated.uid
  ORDER BY lead_id, date_in, number""",
                stage=as_of("stage_id", "integer", SQL("lead.stage_id")),
                pipeline=as_of("pipeline_id", "integer", SQL("lead.pipeline_id")),
                active=as_of("active", "integer", SQL("1")),
                amount=as_of("expected_revenue", "float", SQL("lead.expected_revenue")),
                user=as_of("user_id", "integer", SQL("lead.user_id")),
                team=as_of("team_id", "integer", SQL("lead.team_id")),
                seconds=SECONDS_OF_DAY,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.env.cr.execute("DROP TABLE passage_lead, passage_change, passage_boundary")
        self.invalidate_model()
        self.env["crm.lead"].invalidate_model(["passage_ids"])
