import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const card = (name) => `.o_kanban_record:contains('${name}')`;
const column = (position) => `.o_kanban_group:eq(${position})`;

registry.category("web_tour.tours").add("sales_pipeline_plus_decision_drag", {
    steps: () => [
        {
            content: "late ones come first, then this month",
            trigger: `${column(0)}:has(.o_column_title:contains('Late')) ${card("Late lathe")}`,
        },
        {
            content: "with number and weighted amount",
            trigger: `${column(1)} .o_decision_figures:contains('1'):contains('10')`,
        },
        {
            content: "what has no date comes last",
            trigger: `.o_kanban_group:last ${card("Lathe without a date")}`,
        },
        {
            content: "drop into the next month",
            trigger: `${column(1)} ${card("Lathe for a tour")}`,
            run: `drag_and_drop(${column(2)})`,
        },
        {
            trigger: `${column(2)} ${card("Lathe for a tour")}`,
        },
        {
            trigger: `${column(2)} .o_decision_figures:contains('1'):contains('10')`,
        },
        {
            content: "a date in the past cannot be planned",
            trigger: `${column(2)} ${card("Lathe for a tour")}`,
            run: `drag_and_drop(${column(0)})`,
        },
        {
            trigger: ".o_notification:contains('cannot be moved to Late')",
        },
        {
            content: "it stays where it was",
            trigger: `${column(2)} ${card("Lathe for a tour")}`,
        },
        {
            content: "take a date off",
            trigger: `${column(0)} ${card("Late lathe")}`,
            run: "drag_and_drop(.o_kanban_group:last)",
        },
        {
            trigger: `.o_kanban_group:last ${card("Late lathe")}`,
        },
        {
            content: "one more month",
            trigger: ".o_column_quick_create .o_quick_create_button",
            run: "click",
        },
        {
            trigger: ".o_kanban_group:eq(8)",
        },
        {
            content: "by week",
            trigger: ".o_decision_switch",
            run: "select week",
        },
        {
            trigger: `.o_searchview_facet:contains('Week')`,
        },
        {
            content: "the choice survives a reload",
            trigger: ".o_kanban_renderer",
            run: () => browser.location.reload(),
            expectUnloadPage: true,
        },
        {
            trigger: `.o_searchview_facet:contains('Week')`,
        },
        {
            trigger: ".o_kanban_group:last .o_kanban_record:eq(1)",
        },
    ],
});
