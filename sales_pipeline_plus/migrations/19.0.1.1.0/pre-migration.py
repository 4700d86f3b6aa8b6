def migrate(cr, version):
    """Fill by SQL what the ORM would compute order by order."""
    cr.execute(
        """ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS date_quoted timestamp;
           UPDATE sale_order SET date_quoted = date_order WHERE date_quoted IS NULL"""
    )
