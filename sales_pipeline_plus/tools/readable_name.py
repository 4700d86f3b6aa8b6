def get_readable_name(record):
    """Return the name of a record that was found above the user's rights, or words that
    stand for it when the user may not read it.

    :param record: one record, of the user's environment, with `sudo` or without
    """
    own = record.sudo(False)
    if own.has_access("read"):
        return own.display_name
    return own.env._("a record that you may not see")
