import { listSettings, loadSettings, type SettingRow } from '../app/index.ts';
import type { Taker } from '../app/settings/index.ts';
import { type Command, UsageError } from './command.ts';
import { givenSettings, settingOptions } from './setting-options.ts';

const takers: readonly Taker[] = ['start', 'dev'];

const readTaker = (text: string | undefined): Taker => {
  const taker = takers.find((name) => name === (text ?? 'start'));
  if (taker === undefined) throw new UsageError(`--for takes ${takers.join(' or ')}, not "${text}".`);
  return taker;
};

const sourceOf = ({ source }: SettingRow): string => {
  switch (source.kind) {
    case 'option':
      return `--${source.name}`;
    case 'environment':
      return source.name;
    case 'file':
      return source.name;
    case 'default':
      return 'default';
  }
};

const hide = (options: Command['options']): Command['options'] =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, hidden: true }]));

export const config: Command = {
  name: 'config',
  words: '[FOLDER]',
  description: [
    "Shows the settings of a project: each value, and where it comes from. An option wins over an environment variable (ASHLAR_PORT), that over the project's ashlar.config.ts, and that over the default. Of secrets it shows no more than that there is one.",
    'It takes the options of the command that it shows the settings of, too, and ends with exit code 1 where a setting cannot be used.',
  ].join('\n\n'),
  options: {
    for: {
      type: 'string',
      value: 'COMMAND',
      meaning: 'what the settings are for: start or dev, whose defaults differ (default: start)',
    },
    json: { type: 'boolean', meaning: 'print them as JSON: {"port": {"value", "source", "from"}, …}' },
    ...hide({ ...settingOptions('dev'), ...settingOptions('start') }),
  },
  examples: [
    ['ashlar config', 'what "ashlar start" would start with'],
    ['ashlar config --for dev --json', 'what "ashlar dev" would, for a script'],
  ],
  maxWords: 1,
  run: async (given, { out, style }) => {
    const taker = readTaker(given.text('for'));
    const loaded = await loadSettings(taker, {
      folder: given.words[0] ?? '.',
      options: givenSettings(given, taker),
      environment: process.env,
    });
    const rows = listSettings(loaded).map((row) => ({ ...row, shown: row.shown || '–' }));
    if (given.flag('json')) {
      const entries = rows.map(({ name, value, source }) => [
        name,
        { value: value ?? null, source: source.kind, ...('name' in source ? { from: source.name } : {}) },
      ]);
      out(JSON.stringify(Object.fromEntries(entries), null, 2));
      return 0;
    }
    const names = Math.max(...rows.map(({ name }) => name.length));
    const values = Math.max(...rows.map(({ shown }) => Math.min(shown.length, 40)));
    for (const row of rows)
      out(`  ${row.name.padEnd(names)}   ${row.shown.padEnd(values)}   ${style('dim', sourceOf(row))}`);
    return 0;
  },
};
