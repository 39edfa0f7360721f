// For the scripts of tools/ and e2e/; the UI has its own, stricter, in frontend/.
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['frontend/', 'docs/', '.venv/', '.cache/', 'backend/'] },
  js.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { eqeqeq: 'error', 'prefer-const': 'error' },
  },
];
