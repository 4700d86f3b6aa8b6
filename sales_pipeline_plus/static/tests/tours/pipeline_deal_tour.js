import {registry} from "@web/core/registry";
import {openPipeline} from "./tour_steps";

const card = ".o_kanban_record:contains('Lathe for a tour')";
const column = (title) => `.o_kanban_group:has(.o_column_title:contains('${title}'))`;

registry.category("web_tour.tours").add("sales_pipeline_plus_create_deal", {
    steps: () => [
        ...openPipeline,
        {
            content: "create directly in a later stage",
            trigger: `${column("Tour offer")} .o_kanban_quick_add`,
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=name] input",
            run: "edit Lathe for a tour",
        },
        {
            trigger:
                ".o_kanban_quick_create .o_field_widget[name=expected_revenue] input",
            run: "edit 50000",
        },
        {
            trigger: ".o_kanban_quick_create .o_kanban_add",
            run: "click",
        },
        {
            content: "it has the probability of that stage",
            trigger: `${column("Tour offer")} ${card}:contains('70 %')`,
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_drag_deal", {
    steps: () => [
        ...openPipeline,
        {
            trigger: `${column("Tour study")} ${card}:contains('20 %')`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        {
            content: "the probability follows the stage",
            trigger: `${column("Tour offer")} ${card}:contains('70 %')`,
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_own_probability", {
    steps: () => [
        ...openPipeline,
        {
            trigger: `${card}:contains('20 %')`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=probability_source]:contains('Stage')",
        },
        {
            content: "give a probability of one's own",
            trigger: ".o_field_widget[name=probability] input",
            run: "edit 35",
        },
        {
            trigger: ".o_field_widget[name=date_deadline]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=probability_source]:contains('Salesperson')",
        },
        {
            content: "it stays through a change of stage",
            trigger: ".o_statusbar_status button:contains('Tour offer')",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Tour offer')",
        },
        {
            trigger: ".o_field_widget[name=probability] input:value(35.00)",
        },
        {
            content: "and is reset to the one of the stage",
            trigger: "a.o_pipeline_reset_probability",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=probability] input:value(70.00)",
        },
        {
            trigger: ".o_field_widget[name=probability_source]:contains('Stage')",
        },
        {
            trigger: "body:not(:has(a.o_pipeline_reset_probability))",
        },
    ],
});
