from contextlib import contextmanager

from odoo.tests import TransactionCase
from odoo.tools import float_round

OWN_DOCUMENTS = "sales_team.group_sale_salesman"
ALL_DOCUMENTS = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"


def prepare_user(env, login, groups, company):
    """Return the values of a user, as Odoo's ``new_test_user`` has them: several are
    created at once in a third of the time."""
    return {
        "name": f"{login} ({groups})",
        "login": login,
        "password": login,
        "email": f"{login[0]}.{login[0]}@example.com",
        "group_ids": [
            (6, 0, [env.ref(group.strip()).id for group in groups.split(",")])
        ],
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
    }


class PipelineCase(TransactionCase):
    """Two pipelines that share their stages, in another order and with other
    probabilities, and the salespeople of two companies.

    | Stage       | Equipment | Spare parts |
    |-------------|-----------|-------------|
    | Qualified   | 1st, 10 % | 1st, 20 %   |
    | Offer       | 2nd, 30 % | 3rd, 75 %   |
    | Negotiation | 3rd, 80 % | 2nd, 60 %   |
    | Won         | last      | last        |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "mail_notrack": True,
                "no_reset_password": True,
            }
        )
        cls.company, cls.other_company = cls.env["res.company"].create(
            [{"name": "Tartempion"}, {"name": "Tartempion Inc."}]
        )
        # All at once: each class begins with them.
        users = cls.env["res.users"].create(
            [
                cls._prepare_user("salesman", OWN_DOCUMENTS),
                cls._prepare_user("colleague", OWN_DOCUMENTS),
                cls._prepare_user("all_documents", ALL_DOCUMENTS),
                cls._prepare_user("manager", MANAGER),
                cls._prepare_user("foreigner", MANAGER, cls.other_company),
            ]
        )
        cls.salesman, cls.colleague, cls.all_documents, cls.manager = users[:4]
        cls.foreigner = users[4]
        cls.equipment_team, cls.spares_team = cls.env["crm.team"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "sequence": sequence,
                    "member_ids": members.ids,
                }
                for name, sequence, members in (
                    ("Machines", 1, cls.salesman | cls.manager),
                    ("Spares", 2, cls.colleague | cls.all_documents),
                )
            ]
        )
        cls.foreign_team = cls.env["crm.team"].create(
            {
                "name": "Abroad",
                "company_id": cls.other_company.id,
                "member_ids": cls.foreigner.ids,
            }
        )
        cls.qualified, cls.offer, cls.negotiation, cls.won, cls.stray = cls.env[
            "crm.stage"
        ].create(
            [
                {"name": "P. Qualified", "sequence": 51},
                {"name": "P. Offer", "sequence": 52},
                {"name": "P. Negotiation", "sequence": 53},
                {"name": "P. Won", "sequence": 54, "is_won": True},
                {"name": "P. Stray", "sequence": 55},
            ]
        )
        cls.equipment = cls._new_pipeline(
            "Equipment",
            {cls.qualified: 10, cls.offer: 30, cls.negotiation: 80, cls.won: 100},
        )
        cls.spares = cls._new_pipeline(
            "Spare parts",
            {cls.qualified: 20, cls.negotiation: 60, cls.offer: 75, cls.won: 100},
        )
        cls.equipment_team.pipeline_id = cls.equipment
        cls.spares_team.pipeline_id = cls.spares

    @classmethod
    def _new_user(cls, login, groups, company=None):
        return cls.env["res.users"].create(cls._prepare_user(login, groups, company))

    @classmethod
    def _prepare_user(cls, login, groups, company=None):
        """Return the values of a user."""
        return prepare_user(
            cls.env, f"pipeline_{login}", groups, company or cls.company
        )

    @classmethod
    def _new_pipeline(cls, name, probabilities, **vals):
        """Create a pipeline with these stages, {stage: probability}, in this order."""
        return cls.env["crm.pipeline"].create(
            {
                "name": name,
                "sequence": 1000,
                "reopening_policy": "allowed",
                "pipeline_stage_ids": [
                    (
                        0,
                        0,
                        {
                            "stage_id": stage.id,
                            "probability": probability,
                            "sequence": 10 * rank,
                        },
                    )
                    for rank, (stage, probability) in enumerate(probabilities.items())
                ],
                **vals,
            }
        )

    @classmethod
    def _prepare_deal(cls, pipeline=None, stage=None, **vals):
        """Return the values of a deal; those of its team unless it says otherwise."""
        user = cls.colleague if pipeline == cls.spares else cls.salesman
        team = cls.spares_team if pipeline == cls.spares else cls.equipment_team
        values = {
            "name": "Deal",
            "type": "opportunity",
            "user_id": user.id,
            "team_id": team.id,
            "company_id": cls.company.id,
            "expected_revenue": 1234.56,
        }
        if pipeline:
            values["pipeline_id"] = pipeline.id
        if stage:
            values["stage_id"] = stage.id
        return {**values, **vals}

    @classmethod
    def _new_deal(cls, pipeline=None, stage=None, user=None, **vals):
        """Create a deal as ``user``, by default as its salesperson."""
        values = cls._prepare_deal(pipeline, stage, **vals)
        user = user or cls.env["res.users"].browse(values["user_id"]) or cls.manager
        return cls.env["crm.lead"].with_user(user).create(values)

    @classmethod
    def _set_in_stage_since(cls, deals, date):
        """Let deals be in their stage since ``date`` (Odoo writes the present one)."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET date_last_stage_update = %s WHERE id IN %s",
            [date, tuple(deals.ids)],
        )
        cls.env.invalidate_all()

    @contextmanager
    def assertRefused(self, exception, *parts):
        """Check that it is refused, in words that contain these parts in this order."""
        with self.assertRaises(exception) as refusal:
            yield
        self.assertRegex(str(refusal.exception), "(?s)" + ".*".join(parts))

    def _line(self, pipeline, stage):
        return pipeline.pipeline_stage_ids.filtered(lambda line: line.stage_id == stage)

    def assertDeal(self, deals, probability, source, automated=None, stage=None):
        """Check all that goes with a probability, as the database has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        for deal in deals.sudo():
            line = self._line(deal.pipeline_id, deal.stage_id)
            found = {
                "probability": deal.probability,
                "automated": deal.automated_probability,
                "source": deal.probability_source,
                "is_automated": deal.is_automated_probability,
                "prorated": deal.prorated_revenue,
                "line": deal.pipeline_stage_id,
                "stage": deal.stage_id.name,
            }
            self.assertEqual(
                found,
                {
                    "probability": probability,
                    "automated": probability if automated is None else automated,
                    "source": source,
                    "is_automated": source != "manual",
                    "prorated": float_round(
                        deal.expected_revenue * probability / 100, precision_digits=2
                    ),
                    "line": line,
                    "stage": (stage or deal.stage_id).name,
                },
                deal.name,
            )
