import type { Config } from './settings.ts';

/**
 * Says what a project's settings are, with help from the editor. A configuration is `ashlar.config.ts` beside the
 * folder of migrations; it is plain TypeScript that Node runs, and may read the environment as it likes.
 *
 * @example
 * import { defineConfig } from 'ashlar';
 *
 * export default defineConfig({ port: 8080, schemas: ['api'] });
 */
export const defineConfig = (config: Config): Config => config;

export type { Config };
