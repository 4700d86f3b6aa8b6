"""Users who press at the same time: no raw error of the database reaches them."""

import os

import pytest
from odoo_rpc import RpcError, Session, race

# Odoo waits for seconds before it tries again, so these are few without --full.
IS_FULL = bool(os.environ.get("SALES_TEST_FULL"))
THREADS, PRESSES = (6, 8) if IS_FULL else (4, 3)
# What Odoo says in a sentence, and the web client shows as such.
FOR_USERS = {
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
}

PREPARE = """
pipeline = env['crm.pipeline'].search([], limit=1)
stages = pipeline.pipeline_stage_ids.stage_id.filtered(lambda stage: not stage.is_won)
deals = env['crm.lead'].create([
    {'name': f'Race {number}', 'type': 'opportunity', 'pipeline_id': pipeline.id,
     'stage_id': stages[0].id, 'expected_revenue': 100}
    for number in range(8)
])
campaign = env['sales.campaign'].create({'title': 'Race'})
goal = env['sales.campaign.goal'].create({
    'name': 'Calls', 'campaign_id': campaign.id, 'counting': 'manual', 'target': 48})
env.cr.commit()
print([pipeline.id, pipeline.pipeline_stage_ids.ids, stages.ids, deals.ids, goal.id])
"""


@pytest.fixture(scope="module")
def raced(odoo_database, odoo_cli, odoo_server):
    """A server of several threads, and the records that they race for."""
    database = odoo_database("addons")
    records = eval(odoo_cli.shell(database, PREPARE))  # noqa: S307 (our own print)
    server = odoo_server(database)
    return database, server, records


def _sessions(raced, count=THREADS):
    database, server, _records = raced
    return [Session(server.url, database, "admin") for _ in range(count)]


def test_presses_of_plus(raced):
    """Each press counts, also when several people press at once."""
    database, _server, (*_rest, goal_id) = raced

    def press(session):
        for _ in range(PRESSES):
            session.call("sales.campaign.goal", "action_increment", [goal_id])

    race(*(lambda session=session: press(session) for session in _sessions(raced)))
    [(count,)] = database.query(
        "SELECT manual_count FROM sales_campaign_goal WHERE id = %s", [goal_id]
    )
    [(entries,)] = database.query(
        "SELECT sum(change) FROM sales_campaign_goal_entry WHERE goal_id = %s",
        [goal_id],
    )
    assert count == entries == THREADS * PRESSES


def test_moves_while_the_pipeline_is_set_up(raced):
    """Moves race with changes of probabilities and names, and with each other."""
    database, _server, (pipeline_id, line_ids, stage_ids, deal_ids, _goal) = raced
    *movers, first, second = _sessions(raced)
    trouble = []

    def move(session, rank):
        for number in range(PRESSES):
            stage_id = stage_ids[(rank + number) % len(stage_ids)]
            ids = deal_ids[rank % 3 :: 3]
            try:
                session.call("crm.lead", "write", ids, {"stage_id": stage_id})
            except RpcError as error:
                if error.name not in FOR_USERS:
                    trouble.append(str(error))

    def set_up(session, model, record_id, field, value):
        for number in range(PRESSES):
            try:
                session.call(model, "write", [record_id], {field: value(number)})
            except RpcError as error:
                if error.name not in FOR_USERS:
                    trouble.append(str(error))

    race(
        *(
            lambda session=session, rank=rank: move(session, rank)
            for rank, session in enumerate(movers)
        ),
        lambda: set_up(
            first, "crm.pipeline.stage", line_ids[0], "probability", lambda n: 10 + n
        ),
        lambda: set_up(
            second, "crm.pipeline", pipeline_id, "name", lambda n: f"Raced {n}"
        ),
    )
    assert not trouble
    assert database.query(
        """SELECT count(*) FROM crm_lead
            WHERE id = ANY(%s) AND NOT EXISTS (
                SELECT FROM crm_lead_passage AS stay
                 WHERE stay.lead_id = crm_lead.id AND stay.date_out IS NULL
                   AND stay.stage_id = crm_lead.stage_id)""",
        [deal_ids],
    ) == [(0,)], "the stay that is open is that of the stage"
