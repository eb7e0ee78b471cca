import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Starts the Postgres clusters that all test files share.
const clusters = './test/setup/clusters.ts';

export default defineConfig({
  test: {
    include: ['{src,test,scripts,examples}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/.ashlar/**'],
    globalSetup: existsSync(new URL(clusters, import.meta.url)) ? [clusters] : [],
    // Processes: a test that leaks a connection or a signal handler ends with its file.
    pool: 'forks',
    maxWorkers: 2,
    // Some tests start a Postgres or a browser of their own.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
