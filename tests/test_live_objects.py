"""Installing where a company's own database objects are, and others are at work."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

ADDON = "sales_pipeline_plus"
TABLES = ("crm_lead", "sale_order")
OWN_TABLES = {"crm_pipeline", "crm_pipeline_stage", "crm_contact_role"}
# Only a server that hangs is given up.
PATIENCE_S = 900

PREPARE = """
team, archived = env['crm.team'].create([
    {'name': 'Own stages'}, {'name': 'Archived', 'active': False}])
stage = env['crm.stage'].create({
    'name': 'Of two teams', 'team_ids': (team + archived).ids})
closed = env['res.company'].create({'name': 'Closed'})
partner = env['res.partner'].create({'name': 'Customer'})
deals = env['crm.lead'].create([
    {'name': f'Deal {number}', 'type': 'opportunity', 'partner_id': partner.id,
     'expected_revenue': number, 'date_deadline': '2026-02-01', **values}
    for number, values in enumerate((
        {}, {'team_id': False, 'stage_id': False, 'company_id': False},
        {'team_id': archived.id, 'stage_id': stage.id},
        {'team_id': team.id, 'stage_id': stage.id},
        {'company_id': closed.id, 'team_id': False},
        {'type': 'lead', 'partner_id': False, 'user_id': False},
    ))
])
closed.active = False
message = deals[0].message_ids[:1]
field = env['ir.model.fields']._get('crm.lead', 'date_deadline')
env['mail.tracking.value'].create({
    'mail_message_id': message.id, 'field_id': field.id,
    'old_value_datetime': '2026-01-01', 'new_value_datetime': '2026-02-01'})
env['sale.order'].create({'partner_id': partner.id, 'opportunity_id': deals[0].id})
env.flush_all()
env.cr.execute('''UPDATE crm_lead SET write_date = '2026-01-02 03:04:05';
 UPDATE crm_lead
    SET probability = NULL, automated_probability = NULL, won_status = NULL,
        expected_revenue = NULL, date_last_stage_update = NULL
  WHERE name = 'Deal 1' ''')
env.cr.commit()
"""

# What an administrator, a reporting tool or another addon may have added.
OBJECTS = """
ALTER TABLE crm_lead ADD COLUMN x_double numeric
    GENERATED ALWAYS AS (expected_revenue * 2) STORED;
COMMENT ON COLUMN crm_lead.x_double IS 'Twice';
ALTER TABLE crm_lead ALTER COLUMN name SET STATISTICS 500;
ALTER TABLE crm_lead ADD CONSTRAINT x_new CHECK (name <> 'Deal 3') NOT VALID;
COMMENT ON CONSTRAINT x_new ON crm_lead IS 'From now on';
CREATE UNIQUE INDEX x_unique ON crm_lead (id, lower(name)) WHERE active;
COMMENT ON INDEX x_unique IS 'Unique';
CREATE INDEX x_expression ON crm_lead ((expected_revenue * 2), date_deadline DESC);
CREATE INDEX x_order ON sale_order (date_order) WHERE state <> 'cancel';
ALTER TABLE crm_lead CLUSTER ON x_expression;
ALTER TABLE crm_lead REPLICA IDENTITY FULL;
ALTER TABLE crm_lead SET (fillfactor = 90);
CREATE STATISTICS x_statistics (dependencies) ON team_id, stage_id FROM crm_lead;
CREATE TABLE x_note (
    lead_id integer REFERENCES crm_lead ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    order_id integer REFERENCES sale_order);
INSERT INTO x_note SELECT min(id), (SELECT min(id) FROM sale_order) FROM crm_lead;
CREATE VIEW x_view AS SELECT *, date_deadline + 1 AS day_after FROM crm_lead;
CREATE VIEW x_rows AS SELECT lead FROM crm_lead AS lead;
CREATE MATERIALIZED VIEW x_kept AS SELECT team_id, count(*) FROM crm_lead GROUP BY 1;
CREATE TABLE x_audit (lead_id integer);
CREATE FUNCTION x_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO x_audit VALUES (NEW.id); RETURN NULL; END $$;
CREATE TRIGGER x_moved AFTER UPDATE OF stage_id ON crm_lead
    FOR EACH ROW EXECUTE FUNCTION x_audit();
CREATE CONSTRAINT TRIGGER x_later AFTER UPDATE ON crm_lead
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION x_audit();
COMMENT ON TRIGGER x_later ON crm_lead IS 'At the end';
ALTER TABLE crm_lead DISABLE TRIGGER x_moved;
"""

CATALOG = {
    "table": """SELECT relowner, relacl, reloptions, relreplident, relrowsecurity,
                       obj_description(oid, 'pg_class')
                  FROM pg_class WHERE oid = %(table)s::regclass""",
    "columns": """SELECT attname, format_type(atttypid, atttypmod), attnotnull, attacl,
                         attstorage, attstattarget, attgenerated,
                         pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)
                    FROM pg_attribute
               LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                   WHERE attrelid = %(table)s::regclass AND attnum > 0
                     AND NOT attisdropped""",
    "constraints": """SELECT conrelid::regclass::text, conname, convalidated,
                             pg_get_constraintdef(oid),
                             obj_description(oid, 'pg_constraint')
                        FROM pg_constraint
                       WHERE %(table)s::regclass IN (conrelid, confrelid)""",
    "indexes": """SELECT pg_get_indexdef(indexrelid), indisvalid, indisclustered,
                         indisreplident, obj_description(indexrelid, 'pg_class')
                    FROM pg_index WHERE indrelid = %(table)s::regclass""",
    "triggers": """SELECT pg_get_triggerdef(oid), tgenabled,
                          obj_description(oid, 'pg_trigger')
                     FROM pg_trigger
                    WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal""",
    "statistics": """SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
                      WHERE stxrelid = %(table)s::regclass""",
    "views": """SELECT relname, pg_get_viewdef(oid) FROM pg_class
                 WHERE relname LIKE 'x\\_%%' AND relkind IN ('v', 'm')""",
    "foreign rows": "SELECT lead_id, order_id FROM x_note",
}


def catalog(database):
    return {
        (table, what): set(map(str, database.query(statement, {"table": table})))
        for table in TABLES
        for what, statement in CATALOG.items()
    }


def rows(database):
    """Return {(table, id): {column: value}}."""
    return {
        (table, key): row
        for table in TABLES
        for key, row in database.query(f"SELECT id, to_jsonb({table}) FROM {table}")
    }


def is_waiting(database):
    return database.query(
        """SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
              AND wait_event = 'relation'"""
    )


@pytest.fixture
def begin(bench):
    """Factory: `begin(database)` begins a transaction as Odoo's pages do."""
    connections = []

    def connect(database):
        connection = bench.server.connect(database)
        connections.append(connection)
        connection.set_session(isolation_level="REPEATABLE READ")
        cr = connection.cursor()
        cr.execute("SELECT login FROM res_users")
        return cr

    yield connect
    for connection in connections:
        connection.close()


def wait_for(condition, installation):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        if installation.done():
            installation.result()
            raise AssertionError("the installation did not wait")
        time.sleep(0.02)


def test_install_beside_objects_and_work(odoo_database, odoo_cli, begin):
    """All is as before; no page stops the installation or finds no leads."""
    database = odoo_database("bare")
    odoo_cli.shell(database, PREPARE)
    database.query(OBJECTS)
    before, kept = catalog(database), rows(database)
    page, mail = begin(database), begin(database)
    mail.connection.rollback()
    with ThreadPoolExecutor(2) as pool:
        installation = pool.submit(odoo_cli.install, database, ADDON)
        wait_for(lambda: is_waiting(database), installation)
        # The mail comes behind it, to tables that it is about to write anew.
        mail.execute("SELECT 1 FROM res_currency")
        reading = pool.submit(mail.execute, "SELECT count(*) FROM res_users, crm_lead")
        wait_for(lambda: len(is_waiting(database)) == 2, installation)
        # The page has read users already, and goes on.
        page.execute("SELECT count(*) FROM crm_lead")
        assert page.fetchone()[0] == len(kept) - 1
        page.connection.commit()
        with pytest.raises(psycopg2.errors.QueryCanceled):
            reading.result()
        installation.result()
    after = catalog(database)
    assert {
        what: sorted(before[what] - after[what]) for what in before
    } == dict.fromkeys(before, [])
    found = rows(database)
    assert [
        (key, column, value, found[key][column])
        for key, row in kept.items()
        for column, value in row.items()
        if found[key][column] != value
    ] == []
    assert database.query(
        """SELECT first_decision_date::text, postponement_count FROM crm_lead
            WHERE name = 'Deal 0'"""
    ) == [("2026-01-01", 1)]
    assert not database.query(
        """SELECT name FROM crm_lead
            WHERE pipeline_id IS NULL OR probability_source IS NULL
               OR (pipeline_stage_id IS NULL) <> (stage_id IS NULL)"""
    )
    # Whatever the filled tables refer to is taken from the beginning.
    referred = database.query(
        """SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f'
              AND conrelid::regclass::text ~ '^crm_lead_(contact|passage)$'"""
    )
    assert {name for (name,) in referred} - OWN_TABLES <= {
        "res_users",
        "res_company",
        "res_partner",
        "crm_team",
        "crm_stage",
        "crm_lead",
    }
