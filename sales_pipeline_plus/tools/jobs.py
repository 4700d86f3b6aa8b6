"""What all scheduled jobs do with a part that fails: say it, and go on."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRIES = 3


def run_part(env, logger, part, what):
    """Run a part of a job on its own; what fails is undone, logged and passed over.

    :param callable part: without arguments
    :param str what: what it is about, for the administrator
    :return: whether it succeeded
    :raise: if another transaction was faster, see :func:`run_again`
    """
    try:
        with env.cr.savepoint():
            part()
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        logger.exception("%s: failed, and is passed over", what)
        return False
    return True


def run_again(env, part, *args):
    """Call a part of a job, again in a new transaction if another one was faster.

    Nothing but this part may be uncommitted.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return part(*args)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not tries_left:
                raise
            env.cr.rollback()
    return None


def run_batch(env, logger, records, method, *args):
    """Call a method on records at once; if that fails, on one after the other.

    Nothing but this batch may be uncommitted.
    """
    name = f"{records._name}.{method}"

    def call(some):
        return run_part(
            env,
            logger,
            lambda: getattr(some, method)(*args),
            f"{name} of {some.ids[:10]}",
        )

    def run():
        if not call(records) and len(records) > 1:
            for record in records:
                call(record)

    run_again(env, run)
