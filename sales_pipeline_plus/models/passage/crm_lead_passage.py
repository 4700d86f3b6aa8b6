from odoo import api, fields, models

PENDING = "crm.lead.passage"
SECONDS_OF_DAY = 24 * 60 * 60


class CrmLeadPassage(models.Model):
    """One stay of an opportunity in a stage: a fact, written with the move.

    The moves of a transaction are gathered and written together: when it ends, or
    before passages are read. What is not known stays empty, so that it does not count
    in an average.
    """

    _name = "crm.lead.passage"
    _inherit = ["crm.lead.fact.merged"]
    _description = "Stay of an Opportunity in a Stage"
    _order = "date_in desc, id desc"
    _rec_name = "deal_name"

    lead_id = fields.Many2one(index=False)  # the index of its stays by stage serves
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True, ondelete="restrict")
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="restrict")
    pipeline_stage_id = fields.Many2one(
        "crm.pipeline.stage",
        string="Stage of the Pipeline",
        readonly=True,
        ondelete="set null",
    )
    date_in = fields.Datetime("Entered On", required=True, readonly=True, index=True)
    date_out = fields.Datetime(
        "Left On",
        readonly=True,
        help="Empty as long as the opportunity is there, and if it was deleted there.",
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
            ("gone", "Deleted or merged there"),
        ],
        required=True,
        readonly=True,
        default="open",
        help="How the stay ended. Moved to another pipeline: also when it became a "
        "lead again.",
    )
    next_stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="restrict")
    is_path_known = fields.Boolean(
        "Way Known",
        default=True,
        readonly=True,
        help="Off for an opportunity that was entered or imported as won or lost: "
        "nobody knows through which stages it came, so the stay says nothing about "
        "conversion, loss and days.",
    )
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

    # Also since when a deal was in a stage on a day, from the index alone.
    _lead_stage_idx = models.Index("(lead_id, stage_id, date_in)")
    _still_there_idx = models.Index("(lead_id) WHERE date_out IS NULL")
    # Stays that ended do not change any more: the figures read them from the index.
    _date_out_idx = models.Index(
        "(date_out) INCLUDE (lead_id, company_id, user_id, team_id, pipeline_id, "
        "stage_id, is_path_known, outcome, days) WHERE date_out IS NOT NULL"
    )
    _by_stage_idx = models.Index("(pipeline_id, stage_id)")
    _former_lead_idx = models.Index("(former_lead_id) WHERE former_lead_id IS NOT NULL")

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
            "is_path_known": not move.get("created")
            or state["won_status"] not in ("won", "lost"),
            "entered_by_id": move["uid"],
            **(move.get("values") or lead._prepare_passage_values()[0]),
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
        }
        if passage["is_path_known"]:
            vals["conversion_rate"] = 100 if outcome in ("forward", "won") else 0
            vals["loss_rate"] = 100 if outcome == "lost" else 0
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
    def _search(self, *args, **kwargs):
        self._write_moves()
        return super()._search(*args, **kwargs)

    def flush_model(self, fnames=None):
        self._write_moves()
        return super().flush_model(fnames)
