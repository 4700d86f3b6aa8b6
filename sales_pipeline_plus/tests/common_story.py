import re

from odoo.tools.misc import file_path

from .common_tour import TourCase

# What is typed is no click; what is dragged or chosen from a list is one.
COUNT_CLICKS = r"""
    const {registry} = odoo.loader.modules.get("@web/core/registry");
    const {steps} = registry.category("web_tour.tours").get("%s");
    const clicks = steps().filter(({run}) =>
        /^(check|click|dblclick|drag_and_drop|select|uncheck)\b/.test(run)
    ).length;
    if (clicks === %d) {
        console.log("test successful");
    } else {
        console.error(`The readme says %d clicks for “%s”, and it takes ${clicks}.`);
    }
"""


class StoryCase(TourCase):
    """A story of the readme: a tour, and the clicks that the readme says it takes."""

    def run_story(self, title, tour, url="/odoo", login="tour_salesperson"):
        """Count the clicks of the tour, then run it.

        :param title: of the story, as the table of ``readme/USAGE.md`` has it
        """
        clicks = self._get_clicks()[title]
        self.browser_js(
            "/odoo",
            COUNT_CLICKS % (tour, clicks, clicks, title),
            f"odoo.isTourReady('{tour}')",
            login=login,
        )
        self.start_tour(url, tour, login=login)

    def _get_clicks(self):
        """Return {title: number} of the table."""
        with open(file_path("sales_pipeline_plus/readme/USAGE.md")) as readme:
            rows = re.findall(r"^\| (.+?) +\| +(\d+) \|$", readme.read(), re.M)
        return {title: int(clicks) for title, clicks in rows}
