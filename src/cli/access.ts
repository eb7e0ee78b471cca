import { writeFileSync } from 'node:fs';
import {
  type AccessMatrix,
  type AccessOptions,
  type AccessSource,
  checkExpectedAccess,
  explainAccess,
  MigrationStopped,
  printAccessChange,
  printAccessPage,
  printFailure,
  sourceOfRows,
  surveyProject,
  updateExpectedAccess,
  type WhyQuestion,
} from '../app/index.ts';
import { type Command, CommandFailure, type Given, UsageError } from './command.ts';
import { parseClaims } from './parse-claims.ts';
import { printAccess } from './print-access.ts';
import { printWhy } from './print-why.ts';
import { tellProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const splitNames = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const readSource = (given: Given): AccessSource => {
  const url = given.text('db-url');
  const folder = given.words[0] ?? '.';
  if (url !== undefined && given.flag('running'))
    throw new UsageError('--running and --db-url do not go together.');
  if (url !== undefined) return { kind: 'url', url };
  return { kind: given.flag('running') ? 'project' : 'scratch', folder };
};

/** Says every few seconds how far it has come, so that long work is seen to go on. */
const tellSurvey = (terminal: Terminal): NonNullable<AccessOptions['onSurvey']> => {
  let told: number | undefined;
  return ({ step, done, of }) => {
    told ??= performance.now();
    if (performance.now() - told < 2_000) return;
    told = performance.now();
    terminal.err(
      terminal.styleErr(
        'dim',
        step === 'trying'
          ? `Trying each table as each role: ${done} of ${of} …`
          : `Making rows: ${done} of ${of} tables …`,
      ),
    );
  };
};

const survey = async (given: Given, terminal: Terminal): Promise<AccessMatrix> => {
  const schemas = splitNames(given.text('schemas'));
  const roles = splitNames(given.text('roles'));
  try {
    return await surveyProject({
      source: readSource(given),
      ...(schemas === undefined ? {} : { schemas }),
      ...(roles === undefined ? {} : { roles }),
      onProgress: tellProgress(terminal),
      onSurvey: tellSurvey(terminal),
    });
  } catch (error) {
    if (!(error instanceof MigrationStopped)) throw error;
    terminal.err(printFailure(error.failure, { color: terminal.color }));
    throw new CommandFailure('A migration could not be applied, so nothing was looked at.');
  }
};

const verbs: readonly string[] = ['select', 'insert', 'update', 'delete'];

/** The question and the folder, whether the words of the question are in quotes or not. */
const readQuestion = (given: Given): { readonly question: WhyQuestion; readonly folder: string } => {
  const first = given.text('why') as string;
  const quoted = /\s/.test(first.trim());
  // Unquoted, all but the verb are words; the folder then stands before them.
  const spare = quoted ? given.words : given.words.slice(0, -2);
  const [verb = '', relation = '', ...rest] = quoted
    ? first.trim().split(/\s+/)
    : [first, ...given.words.slice(-2)];
  const row = quoted ? first.trim().replace(/^\S+\s+\S+\s*/, '') : rest.join(' ');
  if (!verbs.includes(verb.toLowerCase()) || relation === '' || row === '' || spare.length > 1)
    throw new UsageError(
      '--why takes a verb, a table and the key of a row, as in: --why "update posts 42"; or, for a new row: --why \'insert posts {"title": "…"}\'',
    );
  return {
    question: { verb: verb.toLowerCase() as WhyQuestion['verb'], relation, row },
    folder: spare[0] ?? '.',
  };
};

/** Explains a single row. */
const explain = async (given: Given, terminal: Terminal): Promise<number> => {
  const { question, folder } = readQuestion(given);
  const url = given.text('db-url');
  const why = await explainAccess({
    source: url === undefined ? sourceOfRows(folder) : { kind: 'url', url },
    question,
    role: given.text('as') ?? 'anon',
    claims: parseClaims(given.text('claims')),
    onProgress: tellProgress(terminal),
  });
  if (given.flag('json')) terminal.out(JSON.stringify(why));
  else terminal.out(printWhy(why, question.row, terminal));
  return 0;
};

/** Compares with the file, or writes it. Gives the exit code. */
const expect = (matrix: AccessMatrix, file: string, given: Given, { out, style }: Terminal): number => {
  if (given.flag('update')) {
    const changes = updateExpectedAccess(matrix, file);
    if (given.flag('json')) out(JSON.stringify({ changes }));
    else {
      for (const line of printAccessChange(changes)) out(line);
      out(changes.length === 0 ? `${file} is as it was.` : `Wrote ${file}.`);
    }
    return 0;
  }
  const changes = checkExpectedAccess(matrix, file);
  if (given.flag('json')) out(JSON.stringify({ changes }));
  else if (changes.length === 0) out(`The permissions are those of ${file}.`);
  else {
    for (const direction of ['opened', 'closed'] as const) {
      const some = changes.filter((change) => change.direction === direction);
      if (some.length === 0) continue;
      out(style(['bold', direction === 'opened' ? 'red' : 'yellow'], direction));
      for (const line of printAccessChange(some)) out(`  ${line}`);
    }
    out(
      `\nThe permissions are not those of ${file}. If they are as they should be: ashlar access --expect ${file} --update`,
    );
  }
  return changes.length === 0 ? 0 : 1;
};

export const access: Command = {
  name: 'access',
  words: '[FOLDER]',
  description: [
    "Shows who can do what: for each role the tables, views and functions, what it can do with them, and with which rows and columns. The project's migrations and seed are applied to a database that is thrown away. Grants and policies are evaluated there, and tried out on rows that are made for it. Where the two disagree, or no row could be made, it says unknown, and why.",
    'FOLDER is the current one if none is named.',
  ].join('\n\n'),
  options: {
    running: {
      type: 'boolean',
      meaning: "ask the project's own database as it is; what is tried there is undone",
    },
    'db-url': { type: 'string', value: 'URL', meaning: 'ask the database of another server, as its owner' },
    schemas: { type: 'string', value: 'NAMES', meaning: 'the schemas to look at (default: public)' },
    roles: {
      type: 'string',
      value: 'NAMES',
      meaning: 'the roles to ask about (default: all that requests can take)',
    },
    html: {
      type: 'string',
      value: 'FILE',
      meaning: 'write a page in which each cell tells what it was derived from',
    },
    expect: {
      type: 'string',
      value: 'FILE',
      meaning: 'compare with what was written down; exit code 1 if something opened or closed',
    },
    update: { type: 'boolean', meaning: 'with --expect: write the file' },
    why: {
      type: 'string',
      value: 'QUESTION',
      meaning: 'explain a single row: "update posts 42", with its key; "insert posts {…}", with its values',
    },
    as: { type: 'string', value: 'ROLE', meaning: 'with --why: who asks (default: anon)' },
    claims: {
      type: 'string',
      value: 'JSON',
      meaning: 'with --why: what the token says, such as {"sub": "7"}',
    },
    json: { type: 'boolean', meaning: 'print everything as JSON' },
  },
  examples: [
    ['ashlar access', 'a table for each role'],
    ['ashlar access --html access.html', 'the same as a page to read'],
    ['ashlar access --expect access.json --update', 'write down how it is; keep the file in the repository'],
    ['ashlar access --expect access.json', 'for CI: fails when something opened or closed'],
    [
      `ashlar access --why "update comments 7" --as authenticated --claims '{"sub": "5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}'`,
      'which grant and which policies decide about this row',
    ],
  ],
  maxWords: 4,
  run: async (given, terminal) => {
    if (given.text('why') !== undefined) return explain(given, terminal);
    if (given.words[1] !== undefined)
      throw new UsageError(`"ashlar access" does not know what to do with "${given.words[1]}".`);
    for (const name of ['as', 'claims'])
      if (given.text(name) !== undefined) throw new UsageError(`--${name} goes with --why.`);
    const file = given.text('expect');
    if (given.flag('update') && file === undefined)
      throw new UsageError('--update goes with --expect FILE, which it writes.');
    const matrix = await survey(given, terminal);
    const page = given.text('html');
    if (page !== undefined) {
      writeFileSync(page, printAccessPage(matrix));
      terminal.err(`Wrote ${page}.`);
    }
    if (file !== undefined) return expect(matrix, file, given, terminal);
    if (given.flag('json')) terminal.out(JSON.stringify(matrix));
    else if (page === undefined) terminal.out(printAccess(matrix, terminal));
    return 0;
  },
};
