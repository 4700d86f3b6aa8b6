"""From the first version, as its users have it, to this one.

The version comes out of this repository's own history: nothing is downloaded, and no
dump has to be kept. In a shallow clone, without history, the test is skipped.
"""

import io
import subprocess
import tarfile

import pytest

ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
# The last state of 19.0.1.0.0 with its models in one folder.
FIRST_VERSION = "62bbef0d7df3622a64c8e0af39044047c6703dbf"

USED = """
env = env(user=env.ref('base.user_admin'))
pipeline = env['crm.pipeline'].search([], limit=1)
deals = env['crm.lead'].create([
    {'name': f'Old {number}', 'type': 'opportunity', 'expected_revenue': 100 + number,
     'pipeline_id': pipeline.id, 'date_deadline': '2026-01-31'}
    for number in range(20)])
for deal in deals[:5]:
    deal.action_set_won()
deals[5:8].action_set_lost()
deals[8].probability = 33
stages = pipeline.pipeline_stage_ids.stage_id
env['crm.lead'].create([
    {'name': 'Old, entered as won', 'type': 'opportunity', 'pipeline_id': pipeline.id,
     'stage_id': stages.filtered('is_won')[0].id},
    {'name': 'Old, entered as lost', 'type': 'opportunity', 'pipeline_id': pipeline.id,
     'stage_id': stages[0].id, 'active': False, 'probability': 0,
     'date_start': '2025-01-01', 'date_closed': '2025-05-05 10:00:00'},
])
env['crm.pipeline.rule'].create({
    'name': 'Old rule', 'pipeline_id': pipeline.id, 'event': 'lost',
    'summary': 'Old call', 'delay_days': 7, 'responsible': 'leader',
    'activity_type_id': env.ref('mail.mail_activity_data_call').id})
team = env['crm.team'].create({'name': 'Old team'})
own = pipeline.copy({'name': 'Of the old team', 'team_ids': team.ids})
plan = env['mail.activity.plan'].create({
    'name': 'Old plan', 'res_model': 'crm.lead', 'template_ids': [(0, 0, {
        'activity_type_id': env.ref('mail.mail_activity_data_call').id})]})
env['crm.pipeline.rule'].create({
    'name': 'Old plan rule', 'pipeline_id': own.id, 'event': 'won', 'active': False,
    'action': 'plan', 'plan_id': plan.id, 'note': '<p>Old note</p>',
    'responsible': 'user', 'user_id': env.uid})
env['res.company'].create({'name': 'Old second company'})
env.user.company_ids = env['res.company'].search([])
campaign = env['sales.campaign'].create({'title': 'Old campaign'})
goal = env['sales.campaign.goal'].create({
    'name': 'Old goal', 'campaign_id': campaign.id, 'counting': 'manual', 'target': 9})
goal.action_increment()
env['sales.campaign.goal'].create({
    'name': 'Old condition', 'campaign_id': campaign.id, 'target': 9,
    'counting': 'automatic', 'res_model': 'crm.lead',
    'condition': "[('expected_revenue', '>', 100)]"})
deals[:3].sales_campaign_ids = campaign.ids
env['crm.forecast.snapshot'].sudo()._cron_take_snapshots()
env['crm.workbook'].sudo().create({'name': 'Old workbook', 'user_id': env.uid})
env.cr.commit()
"""

# What a user would notice.
FACTS = {
    "deals": """SELECT id, name, probability, pipeline_id, pipeline_stage_id,
                       won_status, expected_revenue, date_deadline
                  FROM crm_lead ORDER BY id""",
    "stays": """SELECT lead_id, stage_id, date_in, date_out
                  FROM crm_lead_passage ORDER BY id""",
    "lines": """SELECT pipeline_id, stage_id, sequence, probability
                  FROM crm_pipeline_stage ORDER BY id""",
    "goals": "SELECT id, target, manual_count FROM sales_campaign_goal ORDER BY id",
    "snapshots": """SELECT lead_id, date, amount, probability
                      FROM crm_forecast_snapshot ORDER BY id""",
    "workbooks": "SELECT id, name, state FROM crm_workbook ORDER BY id",
}

# What has to be as in a new database, by what it is called.
SAME_AS_NEW = {
    "columns": """SELECT table_name, column_name, data_type, is_nullable
                    FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, pg_get_constraintdef(oid)
                        FROM pg_constraint
                       WHERE contype <> 'n'""",
    "indexes": """SELECT tablename, indexname, indexdef FROM pg_indexes
                   WHERE schemaname = 'public'""",
    "fields": """SELECT model, name, ttype, on_delete, required, store
                   FROM ir_model_fields""",
    "identifiers": "SELECT module, name, noupdate FROM ir_model_data WHERE OURS",
    "rules": """SELECT data.name, rule.name, domain_force, active, perm_read,
                       perm_write, perm_create, perm_unlink
                  FROM ir_rule AS rule JOIN ir_model_data AS data
                    ON data.model = 'ir.rule' AND data.res_id = rule.id
                 WHERE OURS""",
    "access": """SELECT data.name, model_id.model, "group".name::text, perm_read,
                        perm_write, perm_create, perm_unlink
                   FROM ir_model_access AS access
                   JOIN ir_model_data AS data
                     ON data.model = 'ir.model.access' AND data.res_id = access.id
                   JOIN ir_model AS model_id ON model_id.id = access.model_id
              LEFT JOIN res_groups AS "group" ON "group".id = access.group_id
                  WHERE OURS""",
    "jobs": """SELECT data.name, cron.interval_number, cron.interval_type,
                      cron.active, action.code,
                      ARRAY(SELECT "group".name->>'en_US'
                              FROM ir_act_server_group_rel AS link
                              JOIN res_groups AS "group" ON "group".id = link.gid
                             WHERE link.act_id = action.id)
                 FROM ir_cron AS cron
                 JOIN ir_act_server AS action ON action.id = ir_actions_server_id
                 JOIN ir_model_data AS data
                   ON data.model = 'ir.cron' AND data.res_id = cron.id
                WHERE OURS""",
    "views": "SELECT key, name, type, mode, priority, active FROM ir_ui_view",
    "menus": "SELECT name->>'en_US', active FROM ir_ui_menu",
}
OURS = "module IN ('sales_pipeline_plus', 'sales_campaign_goals')"

# Where new opportunities go, for each team and company.
DESTINATIONS = """
env = env(user=env.ref('base.user_admin'))
companies = env['res.company'].search([], order='id')
teams = env['crm.team'].search([('name', '=', 'Old team')])
print([
    env['crm.lead'].with_company(company).create({
        'name': 'New', 'type': 'opportunity', 'team_id': team.id, 'user_id': False,
        'company_id': company.id}).pipeline_id.name
    for company in companies for team in (teams, teams.browse())
])
"""


@pytest.fixture
def first_version(bench, tmp_path):
    """The folder with the addons of the first version."""
    archive = subprocess.run(
        ["git", "archive", FIRST_VERSION, *ADDONS],
        cwd=bench.checkout.root,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip("the history of this clone does not reach to the first version")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def upgraded(first_version, odoo_database, odoo_cli):
    """A database that was upgraded; what was in it before, and where deals went."""
    database = odoo_database("bare")
    with odoo_cli.addons_path(first_version):
        odoo_cli.install(database, *ADDONS)
        odoo_cli.shell(database, USED)
        destinations = odoo_cli.shell(database, DESTINATIONS)
    before = {name: database.query(statement) for name, statement in FACTS.items()}
    odoo_cli.upgrade(database, *ADDONS)
    return database, before, destinations


@pytest.mark.full
def test_upgrade_from_the_first_version(upgraded, odoo_database, odoo_cli):
    database, before, destinations = upgraded
    assert len(before["deals"]) == 22
    for name, statement in FACTS.items():
        assert database.query(statement) == before[name], name
    assert "None" not in destinations and "False" not in destinations
    assert odoo_cli.shell(database, DESTINATIONS) == destinations
    unknown = database.query(
        """SELECT lead.name, conversion_rate, loss_rate, days
             FROM crm_lead_passage AS stay JOIN crm_lead AS lead ON lead.id = lead_id
            WHERE NOT is_path_known ORDER BY lead.id"""
    )
    # Those from 5 to 7 were lost in the moment in which they were entered.
    names = ["Old 5", "Old 6", "Old 7", "Old, entered as won", "Old, entered as lost"]
    assert unknown == [(name, None, None, None) for name in names]
    assert database.query("SELECT count(*) FROM crm_lead_passage") != [(0,)]
    assert database.query(
        "SELECT DISTINCT condition_user_id FROM sales_campaign_goal"
    ) == [(2,)]
    assert database.query(
        """SELECT DISTINCT rule.name->>'en_US', rule.active, line.action,
                  plan.name, line.summary->>'en_US', line.note->>'en_US',
                  line.delay_days, line.responsible, line.user_id,
                  rule.fallback_user_id
             FROM crm_pipeline_rule AS rule
        LEFT JOIN crm_pipeline_rule_action AS line ON line.rule_id = rule.id
        LEFT JOIN mail_activity_plan AS plan ON plan.id = line.plan_id
            WHERE rule.name->>'en_US' LIKE 'Old%rule'
         ORDER BY 1"""
    ) == [
        (
            *("Old plan rule", False, "plan", "Old plan", None, "<p>Old note</p>"),
            *(None, "user", 2, 2),
        ),
        ("Old rule", True, "activity", None, "Old call", None, 7, "leader", None, 2),
    ]
    new = odoo_database("addons")
    for name, statement in SAME_AS_NEW.items():
        statement = statement.replace("OURS", OURS)  # noqa: PLW2901
        old, fresh = (
            set(map(str, database.query(statement))),
            set(map(str, new.query(statement))),
        )
        assert sorted(old ^ fresh) == [], name
