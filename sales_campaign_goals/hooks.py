"""Uninstalling, see ``sales_pipeline_plus.tools.uninstall``."""

from odoo.addons.sales_pipeline_plus.tools.uninstall import release_links


def uninstall_hook(env):
    """Let the records go in any order."""
    release_links(env, "sales_campaign_goals")
