// What can go wrong at run time is an error; how code looks is prettier's business.
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    js.configs.recommended,
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
        },
        rules: {
            complexity: ["error", 16],
            eqeqeq: "error",
            "no-alert": "error",
            "no-console": "error",
            "no-duplicate-imports": "error",
            "no-eval": "error",
            "no-lonely-if": "error",
            "no-param-reassign": "error",
            "no-return-assign": "error",
            "no-shadow": "error",
            "no-unneeded-ternary": "error",
            "no-unused-expressions": "error",
            "no-use-before-define": ["error", {functions: false}],
            "no-useless-concat": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
        },
    },
];
