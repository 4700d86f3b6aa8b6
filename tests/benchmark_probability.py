"""How long a stage's new probability takes for many deals, against hand-written SQL.

    ./setup/bench probability [--deals 100000] [--repeat 3] [--everything]

It is no test. It makes a database of its own, with the deals by one SQL statement, and
drops it afterwards. The hand-written statement is the least that must be written: the
probability and the weighted amount of the deals in that stage.
"""

OPTIONS = {"deals": 100_000, "repeat": 3, "everything": False}

SCRIPT = """
import time

from odoo import modules

# The nightly job then commits nothing, so that each measure starts from the same.
modules.module.current_test = True
pipeline = env["crm.pipeline"].create(
    {
        "name": "Benchmark",
        "pipeline_stage_ids": [
            (0, 0, {"stage_id": stage.id, "probability": probability})
            for stage, probability in zip(
                env["crm.stage"].with_context(in_pipeline_form=True).create(
                    [{"name": "First"}, {"name": "Second"}]
                ),
                (20, 50),
            )
        ],
    }
)
line, other = pipeline.pipeline_stage_ids
env.flush_all()
env.cr.execute(
    '''INSERT INTO crm_lead (name, type, active, pipeline_id, pipeline_stage_id,
                              stage_id, probability_source, probability,
                              automated_probability, won_status, expected_revenue,
                              prorated_revenue, company_id, user_id, priority,
                              create_uid, create_date, write_uid, write_date)
       SELECT 'Deal ' || number, 'opportunity', TRUE, %(pipeline)s, line.id,
              line.stage_id,
              CASE WHEN number %% 10 = 0 THEN 'manual' ELSE 'stage' END,
              CASE WHEN number %% 10 = 0 THEN 42 ELSE line.probability END,
              line.probability, 'pending', number / 100.0,
              round(number * line.probability / 10000, 2), %(company)s, %(user)s, '0',
              %(user)s, now(), %(user)s, now()
         FROM generate_series(1, 2 * %(deals)s) AS number
         JOIN crm_pipeline_stage AS line
           ON line.id = CASE WHEN number %% 2 = 0 THEN %(line)s ELSE %(other)s END''',
    {
        "pipeline": pipeline.id,
        "line": line.id,
        "other": other.id,
        "deals": DEALS,
        "company": env.company.id,
        "user": env.uid,
    },
)
env.cr.commit()


def measure(function, probability):
    env.invalidate_all()
    start = time.perf_counter()
    function(probability)
    env.flush_all()
    took = time.perf_counter() - start
    env.cr.rollback()
    env.registry.clear_cache()
    return took


def by_hand(probability):
    env.cr.execute(
        '''UPDATE crm_lead
              SET automated_probability = %(p)s,
                  probability = CASE WHEN probability_source = 'manual'
                    THEN probability ELSE %(p)s END,
                  prorated_revenue = CASE WHEN probability_source = 'manual'
                    THEN prorated_revenue
                    ELSE round(expected_revenue * %(p)s / 100, 2) END
            WHERE pipeline_stage_id = %(line)s AND active
              AND won_status = 'pending' ''',
        {"p": probability, "line": line.id},
    )


def by_stage(probability):
    line.probability = probability


def by_method(probability):
    pipeline.probability_method = "predictive"
    env.flush_all()
    pipeline.probability_method = "stage"


def by_nightly_job(probability):
    env.cr.execute("UPDATE crm_pipeline_stage SET probability = %s WHERE id = %s",
                   [probability, line.id])
    env.invalidate_all()
    env.registry.clear_cache()
    env["crm.lead"]._update_automated_probabilities()


env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
env.cr.commit()
ways = {"by hand, in SQL": by_hand, "new probability of the stage": by_stage}
if EVERYTHING:
    ways.update({"other method and back": by_method, "nightly job": by_nightly_job})
best = {}
# In turn, so that what else the machine does is the same for all.
for number in range(REPEAT):
    for label, function in ways.items():
        took = measure(function, 30 + 3 * number)
        best[label] = min(took, best.get(label, took))
print(f"{DEALS} deals in the stage, best of {REPEAT}")
for label, took in best.items():
    print(f"{label:30} {took:7.2f} s {took / best['by hand, in SQL']:7.1f}")
env.cr.rollback()
"""
