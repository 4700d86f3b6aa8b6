from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command


class ShareMixin:
    """Gives shares, as a form does."""

    @classmethod
    def _turn_on(cls):
        (cls.company | cls.other_company).uses_deal_shares = True

    @classmethod
    def _share(cls, deal, percentages, user=None):
        """Give collaborators shares, and the salesperson the rest.

        :param dict percentages: {user: percentage}
        """
        deal = deal.with_user(user or cls.manager)
        deal.write(
            {
                "collaborator_ids": [Command.link(each.id) for each in percentages],
                "share_ids": [
                    Command.create({"user_id": each.id, "percentage": percentage})
                    for each, percentage in percentages.items()
                ],
            }
        )

    def assertShares(self, deal, percentages):
        """Check what the database has.

        :param dict percentages: {user, empty for nobody: percentage}
        """
        self.env.flush_all()
        self.env.invalidate_all()
        shares = self.env["crm.lead.share"].sudo()
        found = {
            share.user_id: share.percentage
            for share in shares.search([("lead_id", "=", deal.id)])
        }
        self.assertEqual(found, percentages)

    @contextmanager
    def _watch(self):
        """Give the list that the queries are added to."""
        queries, cursor = [], type(self.env.cr)
        execute = cursor.execute

        def note(cr, query, params=None, log_exceptions=True):
            queries.append(getattr(query, "code", query))
            return execute(cr, query, params, log_exceptions)

        with patch.object(cursor, "execute", note):
            yield queries
