from markupsafe import Markup

from odoo import api, models

# What other CRMs call the types that Odoo has
TYPES = {
    "mail.mail_activity_data_call": ("call", "phone call", "appel"),
    "mail.mail_activity_data_meeting": ("meeting", "event", "rendez-vous", "visit"),
    "mail.mail_activity_data_email": ("email", "e-mail", "mail"),
    "mail.mail_activity_data_todo": ("task", "to-do", "todo", "tâche", ""),
}
MESSAGE_ID = "<history-{lead_id}-{external_id}@sales_pipeline_plus>"
XMLIDS = {word: xmlid for xmlid, words in TYPES.items() for word in words}


class CrmLead(models.Model):
    """Activities that were done before the opportunity was in Odoo."""

    _inherit = "crm.lead"

    @api.model
    def _get_activity_types(self, names):
        """Return {name: activity type} by name, else by what other CRMs call it.

        A type that nobody knows is a to-do.
        """
        types = self.env["mail.activity.type"].sudo().search([])
        known = {
            kind.with_context(lang=lang).name.strip().lower(): kind
            for lang, _label in reversed(self.env["res.lang"].get_installed())
            for kind in types
        }
        result = {}
        for name in names:
            key = name.strip().lower()
            xmlid = XMLIDS.get(key, "mail.mail_activity_data_todo")
            result[name] = known.get(key) or self.env.ref(xmlid, False) or types[:1]
        return result

    @api.model
    def _record_activities(self, vals_list):
        """Log activities done as Odoo logs its own; the same ones come in once.

        :param vals_list: dicts with ``lead_id``, ``external_id``, ``date``,
            ``user`` (a record, may be empty), ``user_name``, ``activity``, ``subject``
            and ``note``
        :return: number of activities that are new
        """
        messages = self.env["mail.message"].sudo()
        by_id = {MESSAGE_ID.format(**vals): vals for vals in vals_list}
        known = messages.search_fetch(
            [("message_id", "in", list(by_id))], ["message_id"]
        )
        kinds = self._get_activity_types({vals["activity"] for vals in vals_list})
        subtype = self.env.ref("mail.mt_activities")
        new = by_id.keys() - set(known.mapped("message_id"))
        messages.create(
            [
                {
                    "model": "crm.lead",
                    "res_id": vals["lead_id"],
                    "message_id": message_id,
                    "message_type": "notification",
                    "subtype_id": subtype.id,
                    "mail_activity_type_id": kinds[vals["activity"]].id,
                    "date": vals["date"],
                    "author_id": vals["user"].partner_id.id,
                    "email_from": vals["user"].email_formatted or vals["user_name"],
                    "subject": vals["subject"],
                    "body": Markup("").join(
                        Markup("<p>%s</p>") % text
                        for text in (vals["subject"] or vals["activity"], vals["note"])
                        if text
                    ),
                }
                for message_id, vals in by_id.items()
                if message_id in new
            ]
        )
        return len(new)
