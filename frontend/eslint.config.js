import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Inside src everything outside the own folder is imported by its '@/' name. */
const outsideOwnFolder = {
  group: ['../*'],
  message: "Leave the own folder by the '@/' name only, so that the import rules see it.",
};

/** Allows a layer to import only the layers below it. */
function layer(files, forbidden, why) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            outsideOwnFolder,
            { group: forbidden.flatMap((name) => [`@/${name}`, `@/${name}/*`]), message: why },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.gen.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
      reactHooks.configs.flat.recommended,
      jsxA11y.flatConfigs.strict,
    ],
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        project: ['./tsconfig.app.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The router redirects by throwing what redirect() made.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: [{ from: 'package', package: '@tanstack/router-core', name: 'Redirect' }] },
      ],
      'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }],
    },
  },
  { files: ['*.js', '*.cjs'], languageOptions: { globals: globals.node } },
  layer(['src/lib/**'], ['app', 'api', 'components', 'features'], 'lib stands at the bottom.'),
  layer(['src/api/**'], ['app', 'components', 'features'], 'api knows nothing of the pages.'),
  layer(['src/components/**'], ['app', 'features'], 'components know nothing of the pages.'),
  layer(
    ['src/features/**'],
    ['app', 'features'],
    'A feature knows neither app nor another feature.',
  ),
  { files: ['src/**/*.test.{ts,tsx}', 'src/testing/**'], rules: { 'react-hooks/globals': 'off' } },
);
