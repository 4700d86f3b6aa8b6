"""What another program might send: values of every kind, and nearly right ones."""

from hypothesis import strategies as st

INFINITE = float("inf")

DAYS = st.sampled_from(
    [
        "0001-01-01",
        "1012-01-01",
        "1899-12-31",
        "1900-01-01",
        "2026-02-30",
        "2026-03-01",
        "2026-13-01",
        "2199-12-31",
        "9999-12-31",
        "10000-01-01",
        "2026-03-01T10:00:00",
        "²026-03-01",
        "",
    ]
)
TEXTS = st.one_of(
    st.sampled_from(["", "x", "\0", "²", "é", "%", "'", '"', "\ud800", "x" * 9000]),
    st.text(max_size=8),
)
NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**31 - 1, 2**31, -(2**31), 2**63, 10**30]),
    st.sampled_from([0.5, -0.0, 1e-320, 1e15, 1e300, INFINITE, -INFINITE]),
    st.just(float("nan")),
)
# What a field of the type takes; Odoo itself fails to round what is infinite.
FLOATS = st.one_of(
    st.sampled_from([0.0, -1.0, 1e-320, 1e15, -1e15, 1e300, -1e300]),
    st.floats(-1e6, 1e6),
)
ALL_FLOATS = st.one_of(FLOATS, st.sampled_from([INFINITE, -INFINITE, float("nan")]))
GOOD_DAYS = st.sampled_from(
    ["0001-01-01", "1012-01-01", "1900-01-01", "2026-03-01", "9999-12-31"]
)
WORDS = st.sampled_from(["", " ", "x", "²", "é", "%", "'", "x" * 9000, "<b>", "{}"])
PLAIN = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, DAYS)
JSON = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)


def mostly(*values, junk=JSON):
    """A good value three times out of four, else anything."""
    good = st.sampled_from(values)
    return st.one_of(good, good, good, junk)


def call(model, method, *arguments):
    """Calls of a method, as (model, method, arguments)."""
    return st.tuples(st.just(model), st.just(method), st.tuples(*arguments).map(list))


def ids(*records):
    """Lists of ids: of these records, of missing ones, and of what is no id."""
    known = [each for record in records for each in record.ids]
    one = mostly(*known, 999_999_999, 1)
    return st.one_of(st.lists(one, max_size=2), st.sampled_from([[], False]), JSON)


PERIODS = st.one_of(
    st.sampled_from(["this_month", "last_year", "this_week", "next_month"]),
    st.fixed_dictionaries({}, optional={"start": DAYS, "end": DAYS}),
    JSON,
)
DOMAINS = st.one_of(
    st.just([]),
    st.lists(
        st.one_of(
            st.tuples(
                mostly(
                    "name",
                    "expected_revenue",
                    "date_deadline",
                    "user_id",
                    "team_id.name",
                    "decision_bucket",
                    "deal_status",
                    "next_action_state",
                    "probability",
                    junk=TEXTS,
                ),
                mostly("=", "!=", "in", "ilike", ">", "child_of", "any", junk=TEXTS),
                JSON,
            ).map(list),
            st.sampled_from(["&", "|", "!"]),
            JSON,
        ),
        max_size=3,
    ),
    JSON,
)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "active_id": JSON,
        "active_ids": JSON,
        "decision_columns": JSON,
        "decision_periods": JSON,
        "deal_partner_id": JSON,
        "search_by_phone": JSON,
        "missing_fields_view_ref": JSON,
        "next_action_stage_id": JSON,
        "stage_override_reason": TEXTS,
        "reopen_reason": TEXTS,
    },
)
