"""What all scheduled jobs do with a part that fails: say it, and go on."""


def run_part(env, logger, part, what):
    """Run a part of a job on its own; what fails is undone, logged and passed over.

    :param callable part: without arguments
    :param str what: what it is about, for the administrator
    :return: whether it succeeded
    """
    try:
        with env.cr.savepoint():
            part()
    except Exception:
        logger.exception("%s: failed, and is passed over", what)
        return False
    return True


def run_batch(env, logger, records, method, *args):
    """Call a method on records at once; if that fails, on one after the other."""
    name = f"{records._name}.{method}"

    def call(some):
        return run_part(
            env,
            logger,
            lambda: getattr(some, method)(*args),
            f"{name} of {some.ids[:10]}",
        )

    if not call(records) and len(records) > 1:
        for record in records:
            call(record)
