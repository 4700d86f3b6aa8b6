from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The documents on which people write and plan: {model: its customer}.
DOCUMENTS = {"crm.lead": "partner_id", "sale.order": "partner_id"}


class ResPartner(models.Model):
    """The last contact with each customer, and what is planned, in SQL.

    Only what the reader may read counts: a date tells nobody of a hidden opportunity.
    """

    _inherit = "res.partner"

    @api.model
    def _get_care_sql(self, company_ids=None):
        """Return the SQL of a row for each company that has a limit of days.

        :param company_ids: of these companies only
        :return: SQL of the columns ``id``, ``category_id`` (whose limit it is),
            ``days`` (the limit), ``moment`` and ``kind`` of the last contact, ``since``
            (days from it, NULL without one), ``planned`` (the next planned day) and
            ``state``
        """
        today = fields.Date.context_today(self)
        return SQL(
            """WITH customer AS (%(customers)s),
                    member AS (%(members)s),
                    document AS (%(documents)s),
                    event AS NOT MATERIALIZED (%(events)s),
                    contact AS (%(contacts)s),
                    plan AS (%(plans)s)
               SELECT customer.id, customer.category_id, customer.days,
                      latest.moment, latest.kind, %(today)s - latest.day AS since,
                      coming.day AS planned,
                      CASE WHEN COALESCE(latest.day, %(begun)s)
                                > %(today)s - customer.days THEN 'good'
                           WHEN coming.day IS NOT NULL THEN 'planned'
                           ELSE 'neglected' END AS state
                 FROM customer
                 JOIN res_partner AS company ON company.id = customer.id
            LEFT JOIN (SELECT DISTINCT ON (company_id) company_id, moment, kind,
                              %(day)s AS day
                         FROM contact
                     ORDER BY company_id, moment DESC, kind) AS latest
                   ON latest.company_id = customer.id
            LEFT JOIN (SELECT company_id, min(day) AS day
                         FROM plan GROUP BY company_id) AS coming
                   ON coming.company_id = customer.id""",
            customers=self._get_limited_customers_sql(company_ids),
            members=self._get_members_sql(),
            documents=SQL(" UNION ALL ").join(self._get_care_documents()),
            events=self._get_care_events_sql(),
            contacts=SQL(" UNION ALL ").join(self._get_contact_sources()),
            plans=SQL(" UNION ALL ").join(self._get_plan_sources(today)),
            today=SQL("%s::date", today),
            begun=self._get_care_day_sql(SQL("company.create_date")),
            day=self._get_care_day_sql(SQL("moment")),
        )

    @api.model
    def _get_care_day_sql(self, moment):
        """Return the SQL of the user's day at a moment in UTC."""
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.env.tz.zone, moment)

    @api.model
    def _get_limited_customers_sql(self, company_ids):
        """Return the SQL of the companies, with the fewest days of their tags, those of
        their people and the tags above."""
        categories = self.env["res.partner.category"]._fields
        return SQL(
            """SELECT DISTINCT ON (tagged.commercial_partner_id)
                      tagged.commercial_partner_id AS id,
                      limiting.id AS category_id, limiting.contact_days AS days
                 FROM res_partner_category AS limiting
                 JOIN res_partner_category AS category
                   ON starts_with(category.parent_path, limiting.parent_path)
                 JOIN res_partner_res_partner_category_rel AS has
                   ON has.category_id = category.id
                 JOIN res_partner AS tagged ON tagged.id = has.partner_id
                WHERE limiting.contact_days > 0
                  AND limiting.active
                  AND tagged.active
                  AND %(condition)s
             ORDER BY tagged.commercial_partner_id, limiting.contact_days,
                      limiting.id""",
            condition=SQL("TRUE")
            if company_ids is None
            else SQL("tagged.commercial_partner_id = ANY(%s)", list(company_ids)),
            to_flush=[
                *(categories[n] for n in ("active", "contact_days", "parent_path")),
                self._fields["active"],
                self._fields["category_id"],
                self._fields["commercial_partner_id"],
            ],
        )

    @api.model
    def _get_members_sql(self):
        """Return the SQL of the companies and their people, archived ones included."""
        query = self.with_context(active_test=False)._search([])
        company = self._field_to_sql(query.table, "commercial_partner_id", query)
        query.add_where(SQL("%s IN (SELECT customer.id FROM customer)", company))
        return query.select(
            SQL("%s AS id", SQL.identifier(query.table, "id")),
            SQL("%s AS company_id", company),
        )

    @api.model
    def _get_care_documents(self):
        """Hook: return a list of SQL of the records on which customers are written to
        and activities planned: ``model``, ``id`` and ``company_id``."""
        found = [SQL("SELECT 'res.partner' AS model, id, company_id FROM member")]
        for model_name, link in DOCUMENTS.items():
            records = self.env[model_name].with_context(active_test=False)
            if not records.has_access("read"):
                continue
            query = records._search(Domain(link, "!=", False))
            query.add_join(
                "JOIN",
                "care_member",
                SQL.identifier("member"),
                SQL(
                    "care_member.id = %s",
                    records._field_to_sql(query.table, link, query),
                ),
            )
            found.append(
                query.select(
                    SQL("%s", model_name),
                    SQL.identifier(query.table, "id"),
                    SQL("care_member.company_id"),
                )
            )
        return found

    @api.model
    def _get_care_events_sql(self):
        events = self.env["calendar.event"]
        query = events._search(Domain("active", "=", True))
        return query.select(
            *(
                SQL("%s AS %s", events._field_to_sql(query.table, name, query), column)
                for name, column in (
                    ("id", SQL.identifier("id")),
                    ("start", SQL.identifier("start")),
                    ("stop", SQL.identifier("stop")),
                    ("opportunity_id", SQL.identifier("lead_id")),
                )
            )
        )

    @api.model
    def _get_meetings_sql(self, columns, condition):
        """Return the SQL of the meetings with people of a company, and of those about
        its opportunities.

        :param columns: SQL of what is read of ``event``
        :param condition: SQL of a condition on it
        """
        return SQL(
            """SELECT document.company_id, %(columns)s
                 FROM event
                 JOIN document
                   ON document.model = 'crm.lead' AND document.id = event.lead_id
                WHERE %(condition)s
            UNION ALL
               SELECT member.company_id, %(columns)s
                 FROM event
                 JOIN calendar_event_res_partner_rel AS attends
                   ON attends.calendar_event_id = event.id
                 JOIN member ON member.id = attends.res_partner_id
                WHERE %(condition)s""",
            columns=columns,
            condition=condition,
            to_flush=self.env["calendar.event"]._fields["partner_ids"],
        )

    @api.model
    def _get_contact_sources(self):
        """Hook: return a list of SQL of the contacts: ``company_id``, ``moment`` (in
        UTC, no later than now) and ``kind``, one of the values of ``care_last_kind``.

        It can read ``member`` (``id`` of a partner, ``company_id``), ``document``
        (``model``, ``id``, ``company_id``) and ``event``.
        """
        now = SQL("%s::timestamp", fields.Datetime.now())
        sources = [
            self._get_message_contacts_sql(now),
            self._get_meetings_sql(
                SQL("event.start AS moment, 'meeting' AS kind"),
                SQL("event.start <= %s", now),
            ),
        ]
        orders = self.env["sale.order"]
        if orders.has_access("read"):
            sources.append(
                SQL(
                    """SELECT document.company_id, sale.date_order, 'order'
                         FROM sale_order AS sale
                         JOIN document
                           ON document.model = 'sale.order' AND document.id = sale.id
                        WHERE sale.state = 'sale' AND sale.date_order <= %s""",
                    now,
                    to_flush=[orders._fields[n] for n in ("date_order", "state")],
                )
            )
        return sources

    @api.model
    def _get_message_contacts_sql(self, now):
        """Return the SQL of the last message and activity done of each document: an
        e-mail, or what a person wrote that is no internal note."""
        messages = self.env["mail.message"]._fields
        model_data = self.env["ir.model.data"]
        return SQL(
            """SELECT document.company_id, max(message.date) AS moment,
                      CASE WHEN type.id IS NULL THEN 'message'
                           WHEN type.category = 'phonecall' THEN 'call'
                           WHEN type.category = 'meeting' THEN 'meeting'
                           ELSE 'activity' END AS kind
                 FROM document
                 JOIN mail_message AS message
                   ON message.model = document.model AND message.res_id = document.id
            LEFT JOIN mail_activity_type AS type
                   ON type.id = message.mail_activity_type_id
                WHERE message.date <= %(now)s
                  AND (type.id IS NOT NULL
                       OR message.message_type IN ('email', 'email_outgoing')
                       OR message.message_type = 'comment'
                          AND message.subtype_id = %(discussion)s
                          AND message.is_internal IS NOT TRUE
                          AND message.author_id != %(robot)s)
             GROUP BY 1, 3""",
            now=now,
            discussion=model_data._xmlid_to_res_id("mail.mt_comment"),
            robot=model_data._xmlid_to_res_id("base.partner_root"),
            to_flush=[
                *(
                    messages[name]
                    for name in (
                        "author_id",
                        "date",
                        "is_internal",
                        "mail_activity_type_id",
                        "message_type",
                        "model",
                        "res_id",
                        "subtype_id",
                    )
                ),
                self.env["mail.activity.type"]._fields["category"],
            ],
        )

    @api.model
    def _get_plan_sources(self, today):
        """Hook: return a list of SQL of what is planned: ``company_id`` and ``day``.

        What is overdue is care that did not happen.
        """
        activities = self.env["mail.activity"]._fields
        return [
            SQL(
                """SELECT document.company_id, activity.date_deadline AS day
                     FROM document
                     JOIN mail_activity AS activity
                       ON activity.res_model = document.model
                      AND activity.res_id = document.id
                    WHERE activity.active AND activity.date_deadline >= %s
                      AND COALESCE(activity.activity_type_id, 0) <> ALL(%s)""",
                today,
                self.env["mail.activity.type"]._get_types_within_house().ids,
                to_flush=[
                    activities[name]
                    for name in (
                        "active",
                        "activity_type_id",
                        "date_deadline",
                        "res_id",
                        "res_model",
                    )
                ],
            ),
            self._get_meetings_sql(
                self._get_care_day_sql(SQL("event.start")),
                SQL("event.stop > %s::timestamp", fields.Datetime.now()),
            ),
        ]
