from odoo.http import Controller, request, route

# Languages in which the guide is written; English for all others.
LANGUAGES = ("fr", "en")


class GuideController(Controller):
    """The user guide, whose pages are static files made from ``readme/guide``."""

    @route(
        "/sales_pipeline_plus/guide",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def guide(self):
        """Lead to the guide in the user's language."""
        language = (request.env.lang or "").split("_")[0]
        if language not in LANGUAGES:
            language = "en"
        return request.redirect(
            f"/sales_pipeline_plus/static/guide/{language}/index.html"
        )
