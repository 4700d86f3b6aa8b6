def migrate(cr, version):
    """Views that extend others of this addon were written for those as they were: they
    are empty until they are loaded anew, after what they extend."""
    cr.execute(
        """UPDATE ir_ui_view AS view
              SET arch_db = jsonb_build_object('en_US', '<data/>')
             FROM ir_model_data AS known, ir_model_data AS extended
            WHERE known.model = 'ir.ui.view'
              AND known.module = 'sales_campaign_goals'
              AND known.res_id = view.id
              AND known.noupdate IS NOT TRUE
              AND extended.model = 'ir.ui.view'
              AND extended.module = 'sales_campaign_goals'
              AND extended.res_id = view.inherit_id
              AND view.mode = 'extension'"""
    )
