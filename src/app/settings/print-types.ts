import { settingNames, settingOf } from './settings.ts';

const printProperty = (name: (typeof settingNames)[number]): string => {
  const { kind, meaning, fallback, absent } = settingOf(name);
  const rest = fallback === undefined ? `Without it: ${absent}.` : `Default: ${JSON.stringify(fallback)}.`;
  const sentence = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  return `  /** ${sentence} ${rest} */\n  readonly ${name}?: ${kind.type} | undefined;`;
};

/** Prints the types of the published package, as the table has them; the build writes them beside the code. */
export const printTypes = (): string =>
  `/** What a project's settings may say; those that are not said have their defaults. */
export type Config = {
${settingNames.map(printProperty).join('\n')}
};

/**
 * Says what a project's settings are, in \`ashlar.config.ts\` beside its folder of migrations.
 *
 * @example
 * import { defineConfig } from 'ashlar';
 *
 * export default defineConfig({ port: 8080, schemas: ['api'] });
 */
export declare const defineConfig: (config: Config) => Config;
`;
