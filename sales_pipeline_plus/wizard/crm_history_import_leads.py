from odoo import models
from odoo.tools import split_every

# What the number of a deal is called in the files that brought the deals in
PREFIXES = ("", "deal_", "opportunity_")
BATCH_SIZE = 1000


class CrmHistoryImport(models.TransientModel):
    """Finds the opportunities that a file tells of."""

    _inherit = "crm.history.import"

    def _find_leads(self, rows):
        """Return {(number, name): lead} for those that the user may change.

        By the number that they were imported with, else by a name that only one has.
        """
        found = {}
        deals = {(row.deal, row.deal_name) for row in rows}
        numbers = {number for number, _name in deals if number}
        by_number = {}
        data = self.env["ir.model.data"].sudo()
        for batch in split_every(BATCH_SIZE, sorted(numbers), list):
            wanted = {f"{prefix}{n}": n for n in batch for prefix in PREFIXES}
            for record in data.search_fetch(
                [("model", "=", "crm.lead"), ("name", "in", list(wanted))],
                ["name", "res_id", "module"],
                order="id",
            ):
                by_number.setdefault(wanted[record.name], record.res_id)
        by_name = self._find_leads_by_name(
            {deal for deal in deals if deal[1] and deal[0] not in by_number}
        )
        taken = set(by_number.values())
        leads = self.env["crm.lead"].with_context(active_test=False)
        for number, name in deals:
            if number in by_number:
                found[number, name] = leads.browse(by_number[number])
            elif (lead := by_name.get(name)) and not (number and lead.id in taken):
                found[number, name] = lead
        allowed = leads.union(*found.values()) if found else leads
        allowed = allowed.exists()._filtered_access("write")
        allowed = set(allowed.filtered(lambda lead: lead.type == "opportunity")._ids)
        return {key: lead for key, lead in found.items() if lead.id in allowed}

    def _find_leads_by_name(self, deals):
        """Return {name: lead} for names that only one has, in the file as here.

        :param deals: {(number, name)}; the number may be empty
        """
        numbers = {}
        for number, name in deals:
            numbers.setdefault(name, set()).add(number)
        names = [name for name, known in numbers.items() if len(known - {""}) <= 1]
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search_fetch(
            [("name", "in", names), ("type", "=", "opportunity")], ["name"]
        ).grouped("name")
        return {name: lead for name, lead in found.items() if len(lead) == 1}
