"""Uninstalling takes the demo data along; installing again does not double them."""

import pytest

BOTH = ("sales_pipeline_plus", "sales_campaign_goals")
# Where demo data of both addons are, besides in their own models.
COUNTED = (
    "calendar_event",
    "crm_lead",
    "crm_lost_reason",
    "crm_stage",
    "crm_tag",
    "crm_team",
    "mail_activity",
    "product_template",
    "res_partner",
    "res_partner_category",
    "res_users",
    "sale_order",
    "utm_campaign",
    "utm_source",
)


@pytest.fixture(scope="module")
def left(odoo_database, odoo_cli):
    """A database with demo data, of which both addons were uninstalled."""
    database = odoo_database("addons_demo")
    database.stock = counts(odoo_database("bare_demo"))
    database.before = counts(database)
    # An error in the log fails.
    odoo_cli.uninstall(database, *BOTH)
    return database


def counts(database):
    return {
        table: database.query(f"SELECT count(*) FROM {table}")[0][0]
        for table in COUNTED
    }


def test_demo_data_leave(left):
    assert left.before["crm_lead"] > left.stock["crm_lead"]
    assert counts(left) == left.stock


@pytest.mark.full
def test_installing_again_does_not_double(left, odoo_cli):
    odoo_cli.install(left, *BOTH, demo=True)
    assert counts(left) == left.before
