import {after, animationFrame, beforeEach, mockDate} from "@odoo/hoot";
import {
    defineParams,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {getDefaultConfig} from "@web/views/view";
import {user} from "@web/core/user";

/** The euro of the mock server: 12,500 €. */
export const EURO = 2;

/** What each file of tests begins with: mail, a day, and a user who sees all. */
export function defineSalesTests() {
    defineMailModels();
    beforeEach(() => {
        mockDate("2026-03-10 10:00:00");
        patchWithCleanup(user, {hasGroup: async () => true});
    });
}

/** Numbers and words as in French, from here to the end of the test. */
export function speakFrench() {
    const {Settings} = luxon;
    const {defaultLocale} = Settings;
    after(() => (Settings.defaultLocale = defaultLocale));
    serverState.lang = "fr_FR";
    defineParams({lang_parameters: {decimal_point: ",", thousands_sep: "\u202f"}});
}

/**
 * Answers calls of methods, and writes them down.
 *
 * @param {Object} answers {"model/method": a value, or a function of the arguments}
 * @returns {Array[]} [[method, ...arguments], ...], which grows
 */
export function answerCalls(answers) {
    const calls = [];
    for (const [name, answer] of Object.entries(answers)) {
        const [model, method] = name.split("/");
        onRpc(model, method, ({args}) => {
            calls.push([method, ...args]);
            return typeof answer === "function" ? answer(...args) : answer;
        });
    }
    return calls;
}

/** A call that fails the first time, and then answers. */
export function failOnce(answer) {
    let hasFailed = false;
    return () => {
        if (!hasFailed) {
            hasFailed = true;
            throw makeServerError({message: "The server is busy"});
        }
        return answer;
    };
}

/**
 * Catches the actions that are opened.
 *
 * @returns {Array} the actions and buttons, which grows
 */
export function catchActions() {
    const actions = [];
    mockService("action", {
        async doAction(action, options) {
            const hasContext = Boolean(options?.additionalContext);
            actions.push(hasContext ? {id: action, ...options} : action);
        },
        async doActionButton({onClose, ...params}) {
            actions.push(params);
            await onClose?.();
        },
    });
    return actions;
}

/** Opens a page of ours, as a client action does. */
export async function openPage(Page, props = {}) {
    await mountWithCleanup(Page, {
        props: {action: {}, ...props},
        componentEnv: {config: getDefaultConfig()},
    });
    await animationFrame();
}
