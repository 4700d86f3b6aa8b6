import re

from odoo.tools.misc import file_path

from .common_tour import TourCase

# What is typed is no click; what is dragged or chosen from a list is one.
COUNT_AND_START = r"""
    const {registry} = odoo.loader.modules.get("@web/core/registry");
    const {steps} = registry.category("web_tour.tours").get("%(tour)s");
    const clicks = steps().filter(({run}) =>
        /^(check|click|dblclick|drag_and_drop|select|uncheck)\b/.test(run)
    ).length;
    if (clicks === %(clicks)d) {
        odoo.startTour("%(tour)s", {
            stepDelay: 0,
            keepWatchBrowser: false,
            debug: false,
            startUrl: "%(url)s",
            delayToCheckUndeterminisms: 0,
        });
    } else {
        console.error(`The readme says %(clicks)d clicks, and it takes ${clicks}.`);
    }
"""


class StoryMixin:
    """A story of the readme: a tour, and the clicks that the readme says it takes.

    For a ``PatientCase``.
    """

    def run_story(self, title, tour, url="/odoo", login="tour_salesperson"):
        """Count the clicks of the tour and run it, in one page.

        :param title: of the story, as the table of ``readme/USAGE.md`` has it
        """
        values = {"tour": tour, "clicks": self._get_clicks()[title], "url": url}
        self.browser_js(
            url,
            COUNT_AND_START % values,
            f"odoo.isTourReady('{tour}')",
            success_signal="tour succeeded",
            login=login,
        )

    def _get_clicks(self):
        """Return {title: number} of the table."""
        with open(file_path("sales_pipeline_plus/readme/USAGE.md")) as readme:
            rows = re.findall(r"^\| (.+?) +\| +(\d+) \|$", readme.read(), re.M)
        return {title: int(clicks) for title, clicks in rows}


class StoryCase(StoryMixin, TourCase):
    """A story with the deals of the tours."""
