from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

# What is written on an opportunity when it moves; all else follows from these.
MOVING_FIELDS = {"active", "pipeline_id", "probability", "stage_id", "type"}
PENDING = "crm.lead.passage"
SECONDS_OF_DAY = 24 * 60 * 60


class CrmLeadPassage(models.Model):
    """One stay of an opportunity in a stage: a fact, written with the move.

    The moves of a transaction are gathered and written together: when it ends, or
    before passages are read. What is not known stays empty, so that it does not count
    in an average.
    """

    _name = "crm.lead.passage"
    _description = "Stay of an Opportunity in a Stage"
    _order = "date_in desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True, ondelete="set null")
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="set null")
    pipeline_stage_id = fields.Many2one(
        "crm.pipeline.stage",
        string="Stage of the Pipeline",
        readonly=True,
        ondelete="set null",
    )
    date_in = fields.Datetime("Entered On", required=True, readonly=True, index=True)
    date_out = fields.Datetime(
        "Left On", readonly=True, help="Empty as long as the opportunity is there."
    )
    days = fields.Float(
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="From entering to leaving the stage. Empty as long as the opportunity is "
        "there, or if nobody knows when it came.",
    )
    outcome = fields.Selection(
        [
            ("open", "Still there"),
            ("forward", "Moved on"),
            ("back", "Moved back"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("left", "Moved to another pipeline"),
        ],
        required=True,
        readonly=True,
        default="open",
        help="How the stay ended. Moved to another pipeline: also when it became a "
        "lead again.",
    )
    next_stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="set null")
    conversion_rate = fields.Float(
        "Moved on or Won (%)",
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="Of the stays that have ended, those that went on in the pipeline.",
    )
    loss_rate = fields.Float(
        "Lost (%)",
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="Of the stays that have ended, those that ended with a loss.",
    )
    amount = fields.Monetary(
        "Expected Revenue",
        readonly=True,
        help="When the opportunity entered the stage.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    probability = fields.Float(
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="When the opportunity entered the stage.",
    )
    date_deadline = fields.Date(
        "Expected Closing",
        readonly=True,
        help="When the opportunity entered the stage.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="When the opportunity entered the stage.",
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    entered_by_id = fields.Many2one(
        "res.users",
        string="Moved by",
        readonly=True,
        help="Who moved the opportunity into the stage.",
    )
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Customer")
    lost_reason_id = fields.Many2one(related="lead_id.lost_reason_id")

    _still_there_idx = models.Index("(lead_id) WHERE date_out IS NULL")
    _by_stage_idx = models.Index("(pipeline_id, stage_id)")

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        """As the opportunity's own currency."""
        for passage in self:
            company = passage.company_id or self.env.company
            passage.currency_id = company.sudo().currency_id

    # ------------------------------------------------------------
    # Writing with the move
    # ------------------------------------------------------------

    @api.model
    def _add_moves(self, moves):
        """Remember moves until they are written.

        :param moves: list of dicts with ``lead_id``, ``date``, ``uid`` and, if known by
            now, the state ``before``, the ``state`` and the ``values`` of the passage
            that begins. ``fresh`` says that the opportunity has no earlier passage;
            ``created``, that it was created there; ``date_closed``, that the closing
            date was given.
        """
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = []
            precommit.add(self.sudo()._write_moves)
        before = {move["lead_id"]: move["before"] for move in moves if "before" in move}
        for pending in precommit.data[PENDING]:
            # A creation whose stage was still open ends with the first move after it.
            if pending["lead_id"] in before and not pending.get("state"):
                pending["state"] = before[pending["lead_id"]]
        precommit.data[PENDING].extend(moves)
        leads = self.env["crm.lead"].browse(move["lead_id"] for move in moves)
        # invalidate_recordset() would flush the passages, so write each move alone.
        leads._fields["passage_ids"]._invalidate_cache(self.env, leads._ids)

    @api.model
    def _write_moves(self):
        """Close the passages that end and create those that begin, all at once."""
        moves = self.env.cr.precommit.data.pop(PENDING, [])
        if not moves:
            return
        # Nothing below may act with the user's own rights: passages are read only.
        self = self.sudo().with_context(active_test=False)  # noqa: PLW0642
        seen, moved_ids = set(), []
        for move in moves:
            if move["lead_id"] not in seen and not move.get("fresh"):
                moved_ids.append(move["lead_id"])
            seen.add(move["lead_id"])
        leads = self.env["crm.lead"].browse(seen)
        lead_by_id = {lead.id: lead for lead in leads}
        current = {}
        if moved_ids:
            opened = self.search(
                [("lead_id", "in", moved_ids), ("date_out", "=", False)], order="id"
            )
            current = {passage.lead_id.id: passage for passage in opened}
        vals_list = []
        for move in moves:
            lead = lead_by_id[move["lead_id"]]
            state = move.get("state") or lead._get_passage_state()
            passage = current.get(lead.id)
            is_there = state["type"] == "opportunity" and state["stage_id"]
            is_lost = state["won_status"] == "lost"
            if passage:
                same = all(
                    self._get_id(passage, name) == state[name]
                    for name in ("pipeline_id", "stage_id")
                )
                if same and is_there and not is_lost:
                    continue
                closing = self._prepare_closing(passage, move, state)
                if isinstance(passage, models.BaseModel):
                    passage.write(closing)
                else:
                    passage.update(closing)
                del current[lead.id]
            if not is_there or (is_lost and not move.get("created")):
                continue
            vals = self._prepare_passage(lead, move, state)
            vals_list.append(vals)
            if not is_lost:
                current[lead.id] = vals
        self.create(vals_list)

    @api.model
    def _get_id(self, passage, name):
        """Return an id of a passage or of the values of one to be created."""
        value = passage[name]
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _prepare_passage(self, lead, move, state):
        """Return the values of the passage that a move begins."""
        vals = {
            "lead_id": lead.id,
            "pipeline_id": state["pipeline_id"],
            "stage_id": state["stage_id"],
            "date_in": move["date"],
            "outcome": "open",
            "entered_by_id": move["uid"],
            **(move.get("values") or lead._prepare_passage_values()),
        }
        if not move.get("created"):
            return vals
        date_in = lead.date_last_stage_update or move["date"]
        if state["won_status"] in ("won", "lost"):
            closed = lead.date_closed or date_in
            date_in = min(date_in, closed)
        vals["date_in"] = date_in.replace(microsecond=0)
        if state["won_status"] == "lost":
            vals.update(self._prepare_closing(vals, {"date": closed}, state))
        return vals

    @api.model
    def _prepare_closing(self, passage, move, state):
        """Return what is written on a passage that a move ends."""
        outcome = self._get_outcome(passage, state)
        date_out = move["date"]
        if outcome in ("won", "lost") and move.get("date_closed"):
            date_out = min(date_out, move["date_closed"])
        date_out = max(passage["date_in"], date_out.replace(microsecond=0))
        vals = {
            "date_out": date_out,
            "outcome": outcome,
            "conversion_rate": 100 if outcome in ("forward", "won") else 0,
            "loss_rate": 100 if outcome == "lost" else 0,
        }
        if outcome != "lost" and state["type"] == "opportunity":
            vals["next_stage_id"] = state["stage_id"]
        if date_out > passage["date_in"] or not (
            move.get("date_closed") or state["won_status"] == "lost"
        ):
            # A deal that was entered or imported when it was closed already has been
            # in its stage for a time that nobody knows.
            seconds = (date_out - passage["date_in"]).total_seconds()
            vals["days"] = seconds / SECONDS_OF_DAY
        return vals

    @api.model
    def _get_outcome(self, passage, state):
        """Return how the present passage of an opportunity ends."""
        if state["type"] != "opportunity":
            return "left"
        if state["won_status"] == "lost":
            return "lost"
        stages = self.env["crm.stage"]
        before = stages.browse(self._get_id(passage, "stage_id"))
        after = stages.browse(state["stage_id"])
        if state["won_status"] == "won" and after.is_won and not before.is_won:
            return "won"
        pipeline_id = self._get_id(passage, "pipeline_id")
        if pipeline_id != state["pipeline_id"]:
            return "left"
        layout = self.env["crm.pipeline"]._get_layout().pipelines.get(pipeline_id)
        rank = {
            line.stage_id: n for n, line in enumerate(layout.lines if layout else ())
        }
        if before.id in rank and after.id in rank:
            return "forward" if rank[after.id] > rank[before.id] else "back"
        is_after = (after.sequence, after.id) > (before.sequence, before.id)
        return "forward" if is_after else "back"

    @api.model
    def _forget_moves(self, lead_ids):
        """Drop the moves of opportunities that are deleted."""
        moves = self.env.cr.precommit.data.get(PENDING)
        if moves:
            moves[:] = [move for move in moves if move["lead_id"] not in lead_ids]

    @api.model
    def _search(self, *args, **kwargs):
        self._write_moves()
        return super()._search(*args, **kwargs)

    def flush_model(self, fnames=None):
        self._write_moves()
        return super().flush_model(fnames)

    # ------------------------------------------------------------
    # History from before
    # ------------------------------------------------------------

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
        outcome, next_stage_id, conversion_rate, loss_rate, amount, user_id, team_id,
        company_id, entered_by_id, create_uid, create_date, write_uid, write_date)
    SELECT lead_id, pipeline, stage, line_id, date_in, date_out,
           CASE WHEN NOT COALESCE(is_imported, FALSE)
                THEN EXTRACT(EPOCH FROM date_out - date_in) / %(seconds)s END,
           outcome, CASE WHEN outcome NOT IN ('open', 'lost') THEN next_one END,
           CASE WHEN outcome IN ('forward', 'won') THEN 100
                WHEN outcome <> 'open' THEN 0 END,
           CASE WHEN outcome = 'lost' THEN 100 WHEN outcome <> 'open' THEN 0 END,
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


class CrmLead(models.Model):
    """Records each stay in a stage, on every way to move."""

    _inherit = "crm.lead"

    passage_ids = fields.One2many(
        "crm.lead.passage", "lead_id", string="Stays in Stages", readonly=True
    )

    def _get_passage_state(self):
        """Return what makes a passage end when it changes."""
        self.ensure_one()
        return {
            "type": self.type,
            "pipeline_id": self.pipeline_id.id,
            "stage_id": self.stage_id.id,
            "won_status": self.won_status,
        }

    def _prepare_passage_values(self):
        """Return what a passage keeps of the opportunity as it is now."""
        self.ensure_one()
        return {
            "pipeline_stage_id": self.pipeline_stage_id.id,
            "amount": self.expected_revenue,
            "probability": self.probability,
            "date_deadline": self.date_deadline,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
        }

    def _prepare_move(self, **more):
        self.ensure_one()
        date = self.env.cr.now().replace(microsecond=0)
        return {"lead_id": self.id, "date": date, "uid": self.env.uid, **more}

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        # What else happens to a new deal in this transaction belongs to its creation.
        moves = [
            lead._prepare_move(fresh=True, created=True)
            for lead in leads.sudo()
            if lead.type == "opportunity"
        ]
        if moves:
            self.env["crm.lead.passage"]._add_moves(moves)
        return leads

    def write(self, vals):
        """Remember which opportunities move, whatever else the write brings about."""
        names = MOVING_FIELDS & vals.keys()
        if not names:
            return super().write(vals)
        given_closing = fields.Datetime.to_datetime(vals.get("date_closed"))
        leads = self.sudo()
        if names == {"type"}:
            before = {lead: lead.type for lead in leads}
        else:
            before = {lead: lead._get_passage_state() for lead in leads}
        result = super().write(vals)
        moves = []
        for lead in leads:
            if names == {"type"}:
                # The owner and the amount of a converted lead are still to come.
                if before[lead] != lead.type:
                    moves.append(lead._prepare_move(fresh=before[lead] == "lead"))
                continue
            state = lead._get_passage_state()
            if before[lead] != state and "opportunity" in (
                state["type"],
                before[lead]["type"],
            ):
                moves.append(
                    lead._prepare_move(
                        before=before[lead],
                        state=state,
                        values=lead._prepare_passage_values(),
                        fresh=before[lead]["type"] == "lead",
                        date_closed=given_closing,
                    )
                )
        if moves:
            self.env["crm.lead.passage"]._add_moves(moves)
        return result

    def unlink(self):
        lead_ids = set(self.ids)
        result = super().unlink()
        self.env["crm.lead.passage"]._forget_moves(lead_ids)
        return result

    def _compute_pipeline_id(self):
        with self._watch_computed_move("pipeline_id"):
            return super()._compute_pipeline_id()

    def _compute_stage_id(self):
        with self._watch_computed_move("stage_id"):
            return super()._compute_stage_id()

    @contextmanager
    def _watch_computed_move(self, name):
        """Remember opportunities that another field moves: team, salesperson, company.

        New records are left to their creation.
        """
        watched = self.sudo().filtered(
            lambda lead: (
                isinstance(lead.id, int) and lead.type == "opportunity" and lead[name]
            )
        )
        before = {lead: lead[name].id for lead in watched}
        yield
        moves = [
            lead._prepare_move() for lead in watched if lead[name].id != before[lead]
        ]
        if moves:
            self.env["crm.lead.passage"]._add_moves(moves)
