import tseslint from 'typescript-eslint'

/** Folders that files of a folder may not import from: imports point one way, see docs/architecture.md. */
const forbidden = {
  formats: ['runtime', 'recorder', 'replayer', 'dashboard', 'cli'],
  runtime: ['recorder', 'replayer', 'dashboard', 'cli'],
  recorder: ['replayer', 'dashboard', 'cli'],
  replayer: ['recorder', 'dashboard', 'cli'],
  dashboard: ['runtime', 'recorder', 'replayer', 'cli'],
  'dashboard/analysis': ['runtime', 'recorder', 'replayer', 'cli', 'server', 'client'],
  'dashboard/server': ['runtime', 'recorder', 'replayer', 'cli', 'client'],
  'dashboard/client': ['runtime', 'recorder', 'replayer', 'cli', 'server'],
}

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '.node-lines/',
      '.services/',
      '.demo/',
      'samples/next/.next/',
      'test/apps/typescript/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An empty environment variable means the same as none.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true } },
      ],
      // The hooks keep references to Node's own methods and call them with the receiver at hand.
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
    },
  },
  ...Object.entries(forbidden).map(([folder, others]) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: others.flatMap((other) => [
                `../${other}/*`,
                `../../${other}/*`,
                `../../../${other}/*`,
              ]),
              message: `${folder}/ may not import from ${others.join(', ')}.`,
            },
          ],
        },
      ],
    },
  })),
  {
    // Modules of Nest are classes with nothing but a decorator, and its options are declared as classes.
    files: ['samples/nest/**/*.ts'],
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['samples/**/*.js'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['**/dist/*'] }] },
  },
)
