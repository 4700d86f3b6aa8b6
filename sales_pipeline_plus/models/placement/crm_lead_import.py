from odoo import api, models


class CrmLead(models.Model):
    """A file names stages; of several with one name, the row's pipeline's is meant."""

    _inherit = "crm.lead"

    def _convert_records(self, records, **options):
        return super()._convert_records(self._choose_stages(records), **options)

    @api.model
    def _choose_stages(self, records):
        """Yield the rows, with the id of the stage in place of an ambiguous name."""
        stages, pipelines = {}, {}
        for record, extras in records:
            name = self._get_imported(record, "stage_id").get(None)
            if name and name not in stages:
                stages[name] = self.env["crm.stage"].search([("name", "=", name)]).ids
            if len(stages.get(name, ())) > 1:
                layout = self._get_layout_of_row(record, pipelines)
                fitting = [
                    line.stage_id
                    for line in (layout.lines if layout else ())
                    if line.stage_id in stages[name]
                ]
                if fitting:
                    record = {**record, "stage_id": [{".id": str(fitting[0])}]}
            yield record, extras

    @api.model
    def _get_imported(self, record, name):
        """Return {subfield: text} of a many2one in a row: None is its name."""
        values = record.get(name)
        return values[0] if isinstance(values, list) and values else {}

    @api.model
    def _get_layout_of_row(self, record, pipelines):
        """Return the layout of the row's pipeline: the one that it names, that of the
        opportunity that it updates, else the default.

        :param dict pipelines: what was found for earlier rows
        """
        layouts = self.env["crm.pipeline"]._get_layout()
        given = self._get_imported(record, "pipeline_id")
        if any(given.values()):
            key = tuple(given.items())
            if key not in pipelines:
                pipelines[key] = self._find_imported("crm.pipeline", given)
            return layouts.pipelines.get(pipelines[key])
        lead_id = self._find_imported(
            "crm.lead", {key: record[key] for key in ("id", ".id") if key in record}
        )
        lead = self.browse(lead_id or ()).exists()
        if lead.pipeline_id:
            return layouts.pipelines.get(lead.pipeline_id.id)
        team_id = self._find_imported("crm.team", self._get_imported(record, "team_id"))
        return layouts.get_default(
            team_id or self.env.user.sale_team_id.id, self.env.company.id
        )

    @api.model
    def _find_imported(self, model, reference):
        """Return the id of a record by its database id, external id or name."""
        for subfield, text in reference.items():
            if not text:
                continue
            if subfield == ".id":
                return int(text) if str(text).isdigit() else False
            if subfield == "id":
                # As Odoo's import names them.
                xmlid = text if "." in text else f"__import__.{text}"
                record = self.env.ref(xmlid, raise_if_not_found=False)
                return record.id if record and record._name == model else False
            found = self.env[model].name_search(text, operator="=", limit=1)
            return found[0][0] if found else False
        return False
