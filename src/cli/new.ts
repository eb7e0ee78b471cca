import { relative } from 'node:path';
import { createProject, writePolicyTests } from '../app/index.ts';
import { type Command, type Given, UsageError } from './command.ts';
import { tellProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** A word as a shell takes it. */
const quoteWord = (word: string): string =>
  /^[\w./@%+,:=-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;

const newPolicyTests = async (given: Given, terminal: Terminal): Promise<number> => {
  const made = await writePolicyTests(given.words[1] ?? '.', tellProgress(terminal));
  if (given.flag('json')) terminal.out(JSON.stringify(made));
  else if (made.files.length === 0) terminal.out('There is nothing to write: each table has its tests.');
  else for (const file of made.files) terminal.out(`Wrote ${file}`);
  return 0;
};

export const newProject: Command = {
  name: 'new',
  words: 'FOLDER | policy-tests [FOLDER]',
  description:
    'Makes a project: a folder with a first migration (a table, who may read and write it), a seed with its first rows, and a README with the next steps.',
  options: { json: { type: 'boolean', meaning: 'print the folder and its files as JSON' } },
  examples: [
    ['ashlar new app', 'a project in the folder app'],
    ['ashlar new policy-tests', 'first tests of who may do what, in test/policies, from what holds now'],
  ],
  maxWords: 2,
  run: async (given, terminal) => {
    const { out, style } = terminal;
    const [name, more] = given.words;
    if (name === 'policy-tests') return newPolicyTests(given, terminal);
    if (more !== undefined) throw new UsageError(`"ashlar new" does not know what to do with "${more}".`);
    if (name === undefined) throw new UsageError('Which folder? As in: ashlar new app');
    const made = createProject(name);
    if (given.flag('json')) {
      out(JSON.stringify(made));
      return 0;
    }
    const path = relative('.', made.folder) || '.';
    out(`Made a project in ${style('bold', path)}:\n`);
    for (const file of made.files) out(`  ${file}`);
    out(`\nNext:\n${path === '.' ? '' : `\n  cd ${quoteWord(path)}`}\n  ashlar dev\n`);
    out(style('dim', 'Installed as a package it is "npx ashlar dev". The README there tells how to go on.'));
    return 0;
  },
};
