import {registry} from "@web/core/registry";

const tile = (code) => `.o_figure_ready .o_figure_tile[data-code=${code}]`;
const value = (code, text) => ({
    content: `the tile ${code} tells ${text}`,
    trigger: `${tile(code)} .o_figure_value:contains('${text}')`,
});
/** The modules of the page, to be asked for what it writes on given days. */
const getModule = (name) =>
    odoo.loader.modules.get(`@sales_pipeline_plus/figures/flash_figures/${name}`);

/** The words of the period line, on a fixed day, without the blanks of the browser. */
function checkPeriodLine() {
    const {formatPeriods} = getModule("figure_format");
    const today = luxon.DateTime.fromISO("2026-11-25T15:00:00").setLocale("en-GB");
    const check = (args, expected) => {
        const text = formatPeriods(...args, today)
            .replace(/\s*–\s*/g, "–")
            .replace(/\s/g, " ");
        if (text !== expected) {
            throw new Error(`“${expected}” is expected, not “${text}”`);
        }
    };
    const month = {start: "2026-11-01", end: "2026-11-30"};
    const before = {start: "2026-10-01", end: "2026-10-25"};
    check([month, before], "1–25 Nov (to date) vs 1–25 Oct");
    check([month, null], "1–25 Nov (to date)");
    check([{start: "2026-10-01", end: "2026-10-31"}, null], "1–31 Oct");
    check(
        [
            {start: "2026-11-25", end: "2026-11-25"},
            {start: "2025-11-25", end: "2025-11-25"},
        ],
        "25 Nov vs 25 Nov 2025"
    );
}

/** One of a thing is never said in the plural. */
function checkPlurals() {
    const {formatFigure, formatChange} = getModule("figure_format");
    for (const [text, expected] of [
        [formatFigure(1, "days"), "1 day"],
        [formatFigure(2, "days"), "2 days"],
        [formatFigure(1, "hours"), "1 hour"],
        [formatFigure(1.5, "hours"), "1.5 hours"],
        [formatChange(1, "percentage"), "+1 point"],
        [formatChange(-1, "percentage"), "-1 point"],
        [formatChange(2, "percentage"), "+2 points"],
    ]) {
        if (text !== expected) {
            throw new Error(`“${expected}” is expected, not “${text}”`);
        }
    }
}

const setPeriod = (period) => ({
    trigger: ".o_figure_period",
    run: `select ${period}`,
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures", {
    steps: () => [
        value("created_count", "3"),
        {
            content: "headings for screen readers, from the page's own on",
            trigger: ".o_figure_ready:has(h1):has(h2) .o_figure_beside h3",
        },
        {
            content: "each filter has its label",
            trigger:
                ".o_figure_filters:contains('Period'):contains('Campaigns') .o_figure_selector[data-name=category_ids]:contains('Product Categories')",
        },
        {
            content: "the period line says what is compared",
            trigger: ".o_figure_days_shown:contains(' vs ')",
            run: checkPeriodLine,
        },
        {
            content: "words follow their numbers",
            trigger: ".o_figure_days_shown",
            run: checkPlurals,
        },
        {
            content: "what passed through the stages is a funnel of its own",
            trigger: ".o_figure_chart[data-chart=funnel] h3:contains('Funnel')",
        },
        setPeriod("last_year"),
        value("created_count", "1"),
        {
            content: "the tile opens its records",
            trigger: `${tile("created_count")} .o_figure_open`,
            run: "click",
        },
        {
            content: "as many as it told",
            trigger: ".o_list_view .o_data_row",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 1) {
                    throw new Error(`1 record is expected, not ${rows.length}`);
                }
            },
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "the period is kept on the way back",
            trigger: ".o_figure_period:value(last_year)",
        },
        value("created_count", "1"),
        setPeriod("this_month"),
        value("created_count", "3"),
        {
            trigger: ".o_figure_mine",
            run: "click",
        },
        value("created_count", "3"),
        {
            content: "the chart's numbers as a table",
            trigger: ".o_figure_chart[data-chart=open_by_stage] .o_figure_as_table",
            run: "click",
        },
        {
            content: "a number of the table opens its records",
            trigger:
                ".o_figure_chart[data-chart=open_by_stage] tbody button:contains('4')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 4) {
                    throw new Error(`4 records are expected, not ${rows.length}`);
                }
            },
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        value("created_amount", "150,000"),
        {
            trigger: ".o_figure_choose",
            run: "click",
        },
        {
            trigger: ".modal input#figure_created_amount",
            run: "uncheck",
        },
        {
            trigger: ".modal .o_figure_save",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_figure_ready:not(:has([data-code=created_amount]))",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures_kept", {
    steps: () => [
        {
            content: "the filters of the address are read",
            trigger: ".o_figure_period:value(last_year)",
        },
        value("created_count", "1"),
        {
            content: "the choice of tiles is kept",
            trigger: ".o_figure_ready:not(:has([data-code=created_amount]))",
        },
        {
            trigger: ".o_figure_choose",
            run: "click",
        },
        {
            trigger: ".modal .o_figure_reset",
            run: "click",
        },
        {
            content: "the usual tiles are back",
            trigger: tile("created_amount"),
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures_home", {
    steps: () => [value("created_count", "3")],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures_empty", {
    steps: () => [
        {
            content: "nothing to count yet: an opportunity is offered",
            trigger: ".o_flash_figures .o_figure_create",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=expected_revenue]",
        },
    ],
});
