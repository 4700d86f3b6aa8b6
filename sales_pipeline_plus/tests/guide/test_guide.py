from odoo.tests import HttpCase, tagged

from ..common import PipelineCase


@tagged("-at_install", "post_install")
class TestGuide(PipelineCase, HttpCase):
    """The user guide, from its menu on."""

    def _open(self, user, lang):
        self.env["res.lang"]._activate_lang(lang)
        user.lang = lang
        self.authenticate(user.login, user.login)
        action = self.env.ref("sales_pipeline_plus.crm_guide_action")
        return self.url_open(action.url)

    def test_in_the_language_of_the_user(self):
        for lang, title in (
            ("fr_FR", "Guide de l'utilisateur"),
            ("en_US", "User guide"),
            ("de_DE", "User guide"),
        ):
            answer = self._open(self.salesman, lang)
            self.assertEqual(answer.status_code, 200, lang)
            self.assertIn("<h1 id=", answer.text)
            self.assertIn(title, answer.text.replace("&#x27;", "'").replace("’", "'"))

    def test_nobody_without_a_log_in(self):
        self.authenticate(None, None)
        answer = self.url_open("/sales_pipeline_plus/guide")
        self.assertIn("/web/login", answer.url)

    def test_menu_is_for_salespeople(self):
        menu = self.env.ref("sales_pipeline_plus.menu_crm_guide")
        for user in (self.salesman, self.manager):
            self.assertIn(menu.id, menu.with_user(user)._visible_menu_ids())
