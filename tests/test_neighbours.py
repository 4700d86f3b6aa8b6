"""Both addons beside Odoo's other sales addons, whichever comes first."""

import pytest

ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
NEIGHBOURS = (
    "website_crm",
    "mass_mailing_crm",
    "event_crm",
    "survey_crm",
    "project",
    "sale_project",
)

EVERYDAY = """
env = env(user=env.ref('base.user_admin'))
deal = env['crm.lead'].create({'name': 'Beside', 'type': 'opportunity',
                               'expected_revenue': 1000})
stages = deal.pipeline_id.pipeline_stage_ids.stage_id
deal.stage_id = stages[1]
campaign = env['sales.campaign'].create({'title': 'Beside'})
deal.sales_campaign_ids = campaign
deal.action_set_won()
assert deal.won_status == 'won'
for model in ('crm.lead', 'crm.pipeline', 'sales.campaign', 'res.partner'):
    for view in ('form', 'list', 'search'):
        env[model].get_view(view_type=view)
answer = env['crm.kpi'].get_figures({'period': 'this_year'}, ['won_count'])
assert answer['values']['won_count'][0]['value'] == 1, answer
env.cr.rollback()
print('everyday work is done')
"""


@pytest.mark.full
@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_neighbours(is_first, odoo_database, odoo_cli):
    database = odoo_database("addons" if is_first else "bare")
    known = {name for [name] in database.query("SELECT name FROM ir_module_module")}
    neighbours = [name for name in NEIGHBOURS if name in known]
    assert neighbours
    odoo_cli.install(database, *neighbours)
    if not is_first:
        odoo_cli.install(database, *ADDONS)
    assert "everyday work is done" in odoo_cli.shell(database, EVERYDAY)
