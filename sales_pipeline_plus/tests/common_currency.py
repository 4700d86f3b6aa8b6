class CurrencyMixin:
    """A second currency, for a ``PipelineCase``: the other company keeps its books in
    it, and a manager sees both companies.

        cls._add_currency({"2020-01-01": 2, "2026-05-05": 4})
    """

    @classmethod
    def _add_currency(cls, rates):
        """Make ``cls.currency`` and ``cls.boss``, who works for both companies.

        :param rates: ``{first day: units for one of the company's currency}``
        """
        cls.currency = cls.env["res.currency"].create({"name": "TTP", "symbol": "T"})
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "currency_id": each.id,
                    "rate": rate,
                    "company_id": company.id,
                }
                for company in cls.company + cls.other_company
                for day, each, rate in (
                    ("2020-01-01", cls.company.currency_id, 1),
                    *((day, cls.currency, rate) for day, rate in rates.items()),
                )
            ]
        )
        cls.other_company.currency_id = cls.currency
        cls.boss = cls._new_user("boss", "sales_team.group_sale_manager")
        cls.boss.company_ids += cls.other_company
