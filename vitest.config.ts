import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // What a project's own tests import; the package has it built.
    alias: { 'ashlar/test': new URL('src/app/policy-test/index.ts', import.meta.url).pathname },
  },
  test: {
    include: ['{src,test,scripts,examples}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/.ashlar/**'],
    // Starts the Postgres clusters that all test files share.
    globalSetup: './test/setup/clusters.ts',
    // Processes: a test that leaks a connection or a signal handler ends with its file.
    pool: 'forks',
    maxWorkers: 2,
    // Some tests start a Postgres or a browser of their own.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
