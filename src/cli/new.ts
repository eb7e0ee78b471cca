import { relative } from 'node:path';
import { createProject } from '../app/index.ts';
import { type Command, UsageError } from './command.ts';

/** A word as a shell takes it. */
const quoteWord = (word: string): string =>
  /^[\w./@%+,:=-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;

export const newProject: Command = {
  name: 'new',
  words: 'FOLDER',
  description:
    'Makes a project: a folder with a first migration (a table, who may read and write it), a seed with its first rows, and a README with the next steps.',
  options: { json: { type: 'boolean', meaning: 'print the folder and its files as JSON' } },
  examples: [['ashlar new app', 'a project in the folder app']],
  maxWords: 1,
  run: async (given, { out, style }) => {
    const [name] = given.words;
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
