from odoo.tools import file_open

from .common import PipelineCase

FOLDER = "sales_pipeline_plus/static/import"


def read_sample(name):
    with file_open(f"{FOLDER}/{name}", "rb") as file:
        return file.read()


class HistoryCase(PipelineCase):
    """What the sample files name: two pipelines, their people and customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = (
            "Contact made",
            "Request",
            "Needs analysed",
            "Technical study",
            "Offer sent",
            "Quotation",
            "Negotiation",
        )
        stages = cls.env["crm.stage"].create(
            [{"name": name, "sequence": 60 + rank} for rank, name in enumerate(names)]
        )
        cls.stages = dict(zip(names, stages, strict=True))
        cls.stages["Won"] = cls.env.ref("crm.stage_lead4")
        cls.machines = cls._new_sample_pipeline(
            "Equipment and engineering",
            "Contact made,Needs analysed,Technical study,Offer sent,Negotiation,Won",
        )
        cls.consumables = cls._new_sample_pipeline(
            "Consumables and spare parts", "Request,Quotation,Negotiation,Won"
        )
        for login, name in (
            ("claire", "Claire Fontaine"),
            ("thomas", "Thomas Girard"),
            ("nadia", "Nadia Benali"),
        ):
            user = cls._new_user(login, "sales_team.group_sale_salesman")
            email = f"{name.lower().replace(' ', '.')}@tartempion.example.com"
            user.write({"name": name, "email": email})
            setattr(cls, login, user)
        cls.env["product.product"].create(
            [
                {"name": name, "list_price": 1}
                for name in (
                    "CNC lathe TX 200",
                    "Operator training (day)",
                    "Carbide inserts (box of 10)",
                    "5-axis milling centre FX 500",
                    "Cutting oil (200 l drum)",
                )
            ]
        )
        cls.env["utm.source"].create({"name": "Machine tool trade show"})

    @classmethod
    def _new_sample_pipeline(cls, name, stages):
        stages = [cls.stages[stage] for stage in stages.split(",")]
        return cls._new_pipeline(
            name,
            {
                stage: 100 if stage.is_won else 10 * rank
                for rank, stage in enumerate(stages, start=1)
            },
        )

    def _import(self, name, content=None, user=None, dryrun=False, **options):
        """Import a file as the import screen does.

        :return: (its result, the preview)
        """
        user = user or self.manager
        importer = (
            self.env["base_import.import"]
            .with_user(user)
            .with_context(default_type="opportunity", tz=user.tz)
            .create(
                {
                    "res_model": "crm.lead",
                    "file": content or read_sample(name),
                    "file_name": name,
                    "file_type": "text/csv" if name.endswith("csv") else "",
                }
            )
        )
        created = options.pop("create_names", ())
        options = {
            "has_headers": True,
            "quoting": '"',
            "separator": "",
            "advanced": True,
            **options,
        }
        preview = importer.parse_preview(dict(options))
        self.assertNotIn("error", preview)
        options.update(preview["options"])
        options["name_create_enabled_fields"] = {path: True for path in created}
        paths = [
            "/".join(preview["matches"].get(column, ())) or False
            for column in range(len(preview["headers"]))
        ]
        options["skip"] = 0
        result = importer.execute_import(paths, preview["headers"], options, dryrun)
        return result, preview
