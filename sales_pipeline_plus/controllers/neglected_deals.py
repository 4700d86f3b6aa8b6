from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route
from odoo.tools import consteq

from ..tools.arguments import is_id


class NeglectedDealsController(Controller):
    """Turning the mail about neglected opportunities off, without logging in."""

    # Mail programs post here without a session: the token proves the link is ours.
    @route(
        "/crm/neglected-deals/unsubscribe",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
    )
    def unsubscribe(self, user_id="", token="", **_more):
        """Ask, so that a program which only reads the link turns nothing off."""
        user = self._get_user(user_id, token)
        is_done = request.httprequest.method == "POST"
        if is_done:
            user.neglected_deals_mail = False
        return request.render(
            "sales_pipeline_plus.neglected_deals_unsubscribe",
            {"is_done": is_done, "user_id": user.id, "token": token},
        )

    def _get_user(self, user_id, token):
        """Return the user whom the link is for.

        :raise NotFound: if it is none of ours, without telling what is wrong with it
        """
        # A form with files gives no texts.
        if not (isinstance(user_id, str) and isinstance(token, str)):
            raise NotFound()
        if not (user_id.isascii() and user_id.isdigit() and token.isascii()):
            raise NotFound()
        number = int(user_id[:11])
        if not is_id(number):
            raise NotFound()
        mails = request.env["crm.neglected.mail"].sudo()
        user = request.env["res.users"].sudo().browse(number).exists()
        if not user or not consteq(mails._get_unsubscribe_token(user.id), token):
            raise NotFound()
        return user
