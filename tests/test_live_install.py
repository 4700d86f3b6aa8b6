"""Installing on a live database changes no figure; uninstalling leaves Odoo's CRM."""

import pytest

ADDON = "sales_pipeline_plus"
BOTH = (ADDON, "sales_campaign_goals")

# All that a salesperson or a report could notice about a lead.
FIELDS = """
    name id type active won_status probability automated_probability stage_id
    expected_revenue prorated_revenue recurring_revenue recurring_revenue_monthly
    recurring_revenue_prorated recurring_revenue_monthly_prorated team_id user_id
    company_id lost_reason_id date_open date_closed date_last_stage_update date_deadline
    day_open day_close create_date write_date write_uid
""".split()

# Everything that an addon may leave behind, by name.
TRACES = {
    "columns": """SELECT table_name, column_name, data_type
                    FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": "SELECT conrelid::regclass::text, conname FROM pg_constraint",
    "indexes": """SELECT tablename, indexname FROM pg_indexes
                   WHERE schemaname = 'public'""",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name FROM ir_model_fields",
    "views": "SELECT model, name, type FROM ir_ui_view",
    "menus": "SELECT name::text, parent_id FROM ir_ui_menu",
    "actions": "SELECT type, name::text FROM ir_actions",
    "rules": "SELECT name FROM ir_rule",
    "access": "SELECT name FROM ir_model_access",
    "jobs": "SELECT cron_name FROM ir_cron",
    "parameters": """SELECT key, value FROM ir_config_parameter
                      WHERE key NOT LIKE 'database.%'""",
    "assets": "SELECT name, path FROM ir_asset",
    "stages": "SELECT id, name::text, sequence, is_won, fold FROM crm_stage",
    "teams": "SELECT id, name::text, company_id FROM crm_team",
    "plans": "SELECT id, name::text FROM mail_activity_plan",
    # Odoo leaves identifiers of its own modules for what our models inherit.
    "identifiers": "SELECT module, name FROM ir_model_data WHERE module LIKE 'sales_%'",
}

PREPARE = """
Lead = env['crm.lead']
Stage = env['crm.stage']
env['ir.config_parameter'].set_param('crm.pls_start_date', '2020-01-01')
env.user.group_ids += env.ref('crm.group_use_recurring_revenues')
here = env.company
pound = env.ref('base.GBP')
pound.active = True
abroad = env['res.company'].create({'name': 'Abroad', 'currency_id': pound.id})
env.user.company_ids += abroad
north, south, foreign, unused = env['crm.team'].create([
    {'name': 'North', 'company_id': False},
    {'name': 'South', 'company_id': here.id},
    {'name': 'Foreign', 'company_id': abroad.id},
    {'name': 'Unused', 'active': False},
])
shared = Stage.search([('team_ids', '=', False)])
new, qualified, proposition, won = shared[0], shared[1], shared[2], shared[-1]
assert won.is_won
frost, both, odd, foreign_won = Stage.create([
    {'name': 'North only', 'sequence': 2, 'team_ids': north.ids},
    {'name': 'North and South', 'sequence': 3, 'team_ids': (north + south).ids,
     'fold': True},
    {'name': 'South only', 'sequence': 2, 'team_ids': south.ids},
    {'name': 'Signed abroad', 'sequence': 90, 'team_ids': foreign.ids, 'is_won': True},
])
count = 0
def lead(label, **values):
    global count
    count += 1
    values = {
        'name': label, 'type': 'opportunity', 'user_id': False, 'team_id': False,
        'company_id': here.id, 'expected_revenue': 1234.57 + count, **values,
    }
    return Lead.create(values)
for stage in shared:
    for team in (env['crm.team'], north, south):
        lead(f'{stage.name} of {team.name}', stage_id=stage.id, team_id=team.id)
for number in range(12):
    closed = lead(
        f'closed {number}', team_id=(north.id, south.id)[number % 2],
        stage_id=(new.id, qualified.id, proposition.id)[number % 3],
        country_id=(env.ref('base.fr').id, env.ref('base.be').id)[number % 2],
    )
    closed.action_set_won() if number % 3 else closed.action_set_lost()
Lead._cron_update_automated_probabilities()
for team, stage in (
    (north, frost), (north, both), (south, both), (south, odd), (south, new)
):
    lead(f'{stage.name} in {team.name}', team_id=team.id, stage_id=stage.id)
lead('stray: stage of another team', team_id=north.id).stage_id = odd
lead('stray: stage of a team without team').stage_id = frost
lead('manual', stage_id=qualified.id).probability = 42
lead('manual in a team stage', team_id=north.id, stage_id=frost.id).probability = 7.5
lead('manual zero', stage_id=qualified.id).probability = 0
lead('manual hundred', stage_id=qualified.id).probability = 100
same = lead('coinciding', stage_id=qualified.id)
same.probability = same.automated_probability
lead('lost in a team stage', team_id=south.id, stage_id=odd.id).action_set_lost()
lead('archived', stage_id=proposition.id, team_id=north.id).action_archive()
lead('archived and manual', stage_id=proposition.id, probability=33).action_archive()
lead('archived and won', stage_id=won.id).action_archive()
lead('reopened', stage_id=won.id).stage_id = proposition
restored = lead('restored', stage_id=qualified.id)
restored.action_set_lost()
restored.action_restore()
lead('no opportunity yet', type='lead', team_id=north.id)
lead('no opportunity yet, manual', type='lead').probability = 12
lead('without stage', stage_id=False)
lead('without stage and team', stage_id=False, company_id=False)
lead('of the unused team', team_id=unused.id)
lead('abroad', company_id=abroad.id, team_id=foreign.id, stage_id=qualified.id)
lead('won abroad', company_id=abroad.id, team_id=foreign.id, stage_id=foreign_won.id)
lead('manual abroad', company_id=abroad.id).probability = 61
lead('recurring', recurring_revenue=99.99, stage_id=qualified.id,
     recurring_plan=env['crm.recurring.plan'].search([], limit=1).id)
lead('null')
env.flush_all()
env.cr.execute("UPDATE crm_lead SET probability = NULL, automated_probability = NULL,"
               " prorated_revenue = NULL WHERE name = 'null'")
env.cr.execute("UPDATE crm_lead SET write_date = '2026-01-02 03:04:05', write_uid = 2")
env.cr.commit()
"""

# What users do every day, with nothing but Odoo's own fields.
EVERYDAY = """
env = env(user=env.ref('base.user_admin'))
stages = env['crm.stage'].search([('team_ids', '=', False)])
deal = env['crm.lead'].create({'name': 'After', 'type': 'opportunity', 'team_id': False,
                               'user_id': False, 'expected_revenue': 1000})
assert deal.stage_id == stages[0], deal.stage_id.name
deal.stage_id = stages[1]
deal.probability = 40
assert deal.prorated_revenue == 400
assert not deal.is_automated_probability
deal.action_set_automated_probability()
deal.action_set_won()
assert deal.won_status == 'won' and deal.stage_id.is_won
lost = deal.copy()
lost.action_set_lost()
lost.action_restore()
for view in ('form', 'list', 'kanban', 'search', 'pivot', 'graph', 'calendar'):
    env['crm.lead'].get_view(view_type=view)
env['crm.lead'].sudo()._cron_update_automated_probabilities()
env['crm.stage'].create({'name': 'After'})
print('everyday work done')
"""


def snapshot(database):
    """Return {lead: {field: value}}."""
    return {
        row[0]: dict(zip(FIELDS, row, strict=True))
        for row in database.query(
            f"SELECT {', '.join(FIELDS)} FROM crm_lead ORDER BY id"
        )
    }


def traces(database):
    return {what: set(database.query(statement)) for what, statement in TRACES.items()}


def assert_same_leads(before, after):
    """Compare lead by lead and field by field, so that a failure names them."""
    assert before.keys() == after.keys()
    assert [
        (name, field, before[name][field], after[name][field])
        for name in before
        for field in before[name]
        if before[name][field] != after[name][field]
    ] == []


@pytest.fixture(scope="module")
def live(odoo_database, odoo_cli):
    """A company's database, and its leads before the installation."""
    database = odoo_database("bare")
    odoo_cli.shell(database, PREPARE)
    database.traces = traces(database)
    database.leads = snapshot(database)
    # The night in Odoo's own CRM, to compare with later.
    night = odoo_database("bare")
    odoo_cli.shell(night, PREPARE)
    odoo_cli.shell(
        night, "env['crm.lead']._cron_update_automated_probabilities()\nenv.cr.commit()"
    )
    database.night = probabilities(night)
    odoo_cli.install(database, ADDON)
    database.after_installation = snapshot(database)
    return database


def probabilities(database):
    return dict(
        (row[0], row[1:])
        for row in database.query(
            "SELECT name, probability, automated_probability, stage_id FROM crm_lead"
        )
    )


def test_the_data_are_worth_it(live):
    """The live database has what could go wrong."""
    sources = [
        (lead["probability"], lead["automated_probability"])
        for lead in live.leads.values()
    ]
    assert len({automated for _probability, automated in sources}) > 5
    assert sum(probability != automated for probability, automated in sources) > 5


def test_installation_changes_no_lead(live):
    assert_same_leads(live.leads, live.after_installation)


def test_installation_makes_the_pipelines_that_describe_what_is_there(live):
    rows = live.query(
        """SELECT pipeline.name ->> 'en_US', stage.name ->> 'en_US'
             FROM crm_pipeline pipeline
             JOIN crm_pipeline_stage line ON line.pipeline_id = pipeline.id
             JOIN crm_stage stage ON stage.id = line.stage_id
         ORDER BY stage.sequence, stage.id"""
    )
    found = {}
    for pipeline, stage in rows:
        found.setdefault(pipeline, []).append(stage)
    shared = ["New", "Qualified", "Proposition", "Won"]
    own = {
        "Sales Pipeline": {"North only"},
        "North": {"North only", "North and South", "South only"},
        "South": {"North and South", "South only"},
        "Foreign": {"Signed abroad"},
    }
    assert {name: set(stages) for name, stages in found.items()} == {
        name: {*shared, *stages} for name, stages in own.items()
    }
    for stages in found.values():
        assert [stage for stage in stages if stage in shared] == shared
    settings = live.query(
        """SELECT DISTINCT probability_method, follow_odoo_stages, active
             FROM crm_pipeline"""
    )
    assert settings == [("predictive", True, True)]


def test_installation_places_every_lead(live):
    wrong = live.query(
        """SELECT lead.name
             FROM crm_lead lead
        LEFT JOIN crm_pipeline_stage line ON line.id = lead.pipeline_stage_id
            WHERE lead.pipeline_id IS NULL
               OR lead.probability_source IS NULL
               OR lead.pipeline_id IS DISTINCT FROM line.pipeline_id
                  AND lead.stage_id IS NOT NULL
               OR lead.stage_id IS DISTINCT FROM line.stage_id"""
    )
    assert wrong == []


def test_installation_keeps_what_odoo_calls_manual(live):
    manual = live.query("SELECT name FROM crm_lead WHERE probability_source = 'manual'")
    assert {name for (name,) in manual} == {
        "manual",
        "manual in a team stage",
        "manual zero",
        "manual hundred",
        "archived and manual",
        "no opportunity yet, manual",
        "manual abroad",
    }


def test_night_after_the_installation_is_as_in_odoo(live, odoo_cli):
    odoo_cli.shell(
        live, "env['crm.lead']._cron_update_automated_probabilities()\nenv.cr.commit()"
    )
    assert probabilities(live) == live.night


@pytest.mark.full
def test_uninstallation(live, odoo_cli):
    """Both addons go as the Apps menu uninstalls them, and nothing of them stays."""
    odoo_cli.install(live, "sales_campaign_goals")
    before = snapshot(live)
    odoo_cli.shell(
        live,
        f"""
module = env['ir.module.module'].search([('name', '=', {ADDON!r})])
wizard = env['base.module.uninstall'].create({{'module_ids': module.ids}})
assert set(wizard.impacted_module_ids.mapped('name')) >= {set(BOTH)!r}
module.button_immediate_uninstall()
env.cr.commit()
""",
    )
    states = live.query(
        "SELECT DISTINCT state FROM ir_module_module WHERE name IN %s", [BOTH]
    )
    assert states == [("uninstalled",)]
    assert_same_leads(before, snapshot(live))
    left = {what: found - live.traces[what] for what, found in traces(live).items()}
    lost = {what: live.traces[what] - found for what, found in traces(live).items()}
    assert {what: names for what, names in left.items() if names} == {}
    assert {what: names for what, names in lost.items() if names} == {}
    assert "everyday work done" in odoo_cli.shell(live, EVERYDAY)


@pytest.mark.full
def test_installation_again(live, odoo_cli):
    """What an uninstalled addon may have left does not hinder it."""
    before = snapshot(live)
    odoo_cli.install(live, *BOTH)
    assert_same_leads(before, snapshot(live))
