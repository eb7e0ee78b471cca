import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { postgrestSettingNames, postgrestSettings } from '../src/app/config/postgrest-settings.ts';
import type { Setting } from '../src/app/config/setting.ts';
import { optionOf, variableOf } from '../src/app/settings/setting.ts';
import { type SettingName, settingNames, settingOf } from '../src/app/settings/settings.ts';
import { runCommand } from '../src/cli/index.ts';

/** What a command prints. */
const say = async (...args: string[]): Promise<string> => {
  const out: string[] = [];
  const plain = (_style: unknown, text: string): string => text;
  await runCommand(args, {
    out: (line) => out.push(line),
    err: () => {},
    style: plain,
    styleErr: plain,
    color: false,
  });
  return out.join('\n');
};

/** The lines of a help below a heading, without their second column. */
const firstColumn = (help: string, heading: string): readonly string[] =>
  (help.split(`${heading}\n`)[1]?.split('\n\n')[0] ?? '')
    .split('\n')
    .filter((line) => /^ {2}\S/.test(line))
    .map((line) => line.trim().split(/ {3}/)[0] ?? '');

/** The rows of the tables in a piece of Markdown: their cells. */
const tableRows = (markdown: string): readonly (readonly string[])[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[-|]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

describe('docs/reference/cli.md', () => {
  const sections = readFileSync('docs/reference/cli.md', 'utf8')
    .split(/^## ashlar /m)
    .slice(1);
  const named = sections.map((section) => section.split('\n')[0] ?? '');

  test('has the commands that the help lists, in their order', async () => {
    expect(named).toEqual(firstColumn(await say('--help'), 'Commands:'));
  });

  test.each(named.map((name, i) => [name, sections[i] ?? ''] as const))(
    'says of ashlar %s what its help says',
    async (name, section) => {
      const help = await say(name, '--help');
      const usage = /^Usage: (.*)$/m.exec(help)?.[1];
      expect(/^```\n(.*)\n```$/m.exec(section)?.[1]).toBe(usage);
      const [options] = section.split('| option | meaning |\n').slice(1);
      const listed = tableRows(options?.split('\n\n')[0] ?? '').map(([cell]) => cell?.replaceAll('`', ''));
      expect([...listed, '-h, --help']).toEqual(firstColumn(help, 'Options:'));
    },
  );
});

describe('docs/reference/postgrest-settings.md', () => {
  test('has every setting, as the server has it', () => {
    const rows = tableRows(readFileSync('docs/reference/postgrest-settings.md', 'utf8')).filter(([cell]) =>
      cell?.startsWith('`'),
    );
    const expected = postgrestSettingNames.map((name) => {
      const setting: Setting<unknown> = postgrestSettings[name];
      const older = setting.aliases.map((alias) => ` (older: \`${alias}\`)`).join('');
      const fallback = setting.print(setting.fallback);
      return [
        `\`${name}\``,
        `${setting.meaning.replaceAll('|', '\\|')}${older}`,
        fallback === '""' ? '–' : `\`${fallback.replaceAll('$$', '$')}\``,
        setting.inDatabase ? 'yes' : 'no',
        setting.reloadable ? 'yes' : 'no',
      ];
    });
    expect(rows).toEqual(expected);
  });
});

describe('docs/README.md', () => {
  test('leads to every page', () => {
    const pages = globSync('docs/{tutorial,how-to,reference,explanation}/*.md').map((path) =>
      path.replaceAll('\\', '/').slice('docs/'.length),
    );
    const index = readFileSync('docs/README.md', 'utf8');
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = ['README.md', ...globSync('docs/**/*.md'), ...globSync('examples/*/README.md')];

  test.each(pages)('%s links to what is there', (page) => {
    const text = readFileSync(page, 'utf8').replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const missing = targets.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/reference/configuration.md', () => {
  test('has every setting, as the table has it', () => {
    const rows = tableRows(readFileSync('docs/reference/configuration.md', 'utf8')).filter(([, cell]) =>
      /^`ASHLAR_\w+`$/.test(cell ?? ''),
    );
    const code = (text: string): string => `\`${text}\``;
    const print = (name: SettingName, value: unknown): string =>
      value === undefined ? (settingOf(name).absent ?? '') : code(settingOf(name).kind.print(value));
    const expected = settingNames.map((name) => {
      const { kind, meaning, fallback, fallbackOf = {}, takers } = settingOf(name);
      const option = `--${kind.word === undefined ? '[no-]' : ''}${optionOf(name)}`;
      const others = Object.entries(fallbackOf).map(
        ([command, value]) => `; ${command}: ${print(name, value)}`,
      );
      return [
        code(name),
        code(variableOf(name)),
        takers.length === 0 ? '–' : `${code(option)} (${takers.join(', ')})`,
        meaning,
        `${print(name, fallback)}${others.join('')}`,
      ];
    });
    expect(rows).toEqual(expected);
  });
});
