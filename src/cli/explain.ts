import {
  type ExplainedRequest,
  type ExplainedStatement,
  type ExplainedStep,
  explainRequest,
} from '../app/index.ts';
import { type Command, type Given, UsageError } from './command.ts';
import { parseClaims } from './parse-claims.ts';
import { printSql } from './print-sql.ts';
import { printTree } from './print-tree.ts';
import { tellProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Reads `GET /rest/v1/posts`; without a method it is GET, and the server of a whole address makes no difference. */
const parseRequest = (text: string): { readonly method: string; readonly target: string } => {
  const [, method = 'GET', target = ''] =
    /^(?:([A-Za-z]+)\s+)?(?:https?:\/\/[^\s/]+)?(\/\S*)$/.exec(text.trim()) ?? [];
  if (target === '')
    throw new UsageError(`"${text}" is no request. Write one in quotes: 'GET /rest/v1/posts?limit=3'`);
  if (!methods.includes(method.toUpperCase()))
    throw new UsageError(`"${method}" is none of the methods ${methods.join(', ')}.`);
  return { method: method.toUpperCase(), target };
};

const parseHeaders = (lines: readonly string[]): { readonly [name: string]: string } => {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1)
      throw new UsageError(`"${line}" is no header. Write it as: --header 'Prefer: count=exact'`);
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
};

const quote = (value: string | null): string =>
  value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;

type Explained = Extract<ExplainedRequest, { kind: 'explained' }>;

/** Of a batch, each step by itself. */
const printExplained = (explained: Explained, terminal: Terminal): string => {
  const { further, key, analyzed } = explained;
  const { style } = terminal;
  const steps = [explained, ...(further ?? [])];
  const blocks = [
    ...(key === undefined
      ? []
      : [
          style('bold', 'The key is claimed, in the same transaction as all that follows'),
          ...printStatements(key.claim, terminal),
        ]),
    ...steps.flatMap((step, i) => printStep(step, further === undefined ? 'Request' : `Step ${i}`, terminal)),
    ...(key === undefined
      ? []
      : [
          style('bold', 'The answer is kept with the key, for whoever sends the same request again'),
          ...printStatements(
            key.keep.map((text) => ({ text, params: [] })),
            terminal,
          ),
        ]),
    ...(analyzed === undefined
      ? []
      : [`${style('bold', 'As Postgres does it')}\n${analyzed.trimEnd().replace(/^/gm, '  ')}`]),
  ];
  return blocks.join('\n\n');
};

const printStatements = (statements: readonly ExplainedStatement[], { style }: Terminal): readonly string[] =>
  statements.map(({ text, params }, i) =>
    [
      style('bold', `Statement ${i + 1} of ${statements.length}`),
      printSql(text).replace(/^/gm, '  '),
      ...params.map((value, n) => `  ${style('cyan', `$${n + 1}`)} = ${quote(value)}`),
    ].join('\n'),
  );

const printStep = (
  { ask, plan, statements }: ExplainedStep,
  title: string,
  terminal: Terminal,
): readonly string[] => {
  const { style } = terminal;
  const { snapshot: _, ...planned } = plan;
  return [
    `${style('bold', title)}\n${printTree(ask, '  ').join('\n')}`,
    `${style('bold', 'Plan')}\n${printTree(planned, '  ').join('\n')}`,
    ...printStatements(statements, terminal),
    ...(plan.locks
      ? ['  The patch is applied to that row, and what it changes is written by one more statement.']
      : []),
  ];
};

const readGiven = (given: Given) => {
  const [request, folder = '.', more] = given.words;
  if (request === undefined)
    throw new UsageError("Which request? As in: ashlar explain 'GET /rest/v1/posts?limit=3'");
  if (more !== undefined) throw new UsageError(`Put the request in quotes: 'GET /rest/v1/posts?limit=3'`);
  return { request, folder };
};

export const explain: Command = {
  name: 'explain',
  words: 'REQUEST [FOLDER]',
  description:
    "Shows what becomes of a request to the project's API: the tree of what is asked, the plan, and the SQL with its parameters, all in the order in which it happens. The request is not run, unless Postgres' own plan is wanted; then it is run in a transaction that is undone. Where no server runs on the project, pending migrations are applied first.",
  options: {
    as: { type: 'string', value: 'ROLE', meaning: 'who asks (default: anon)' },
    claims: { type: 'string', value: 'JSON', meaning: 'what the token says, such as {"sub": "7"}' },
    header: {
      type: 'string',
      short: 'H',
      value: 'LINE',
      meaning: "a header of the request, such as 'Prefer: count=exact'; may be given several times",
      many: true,
    },
    body: { type: 'string', short: 'd', value: 'TEXT', meaning: 'the body of the request' },
    analyze: { type: 'boolean', meaning: "run it, undo it, and show Postgres' plan with its times" },
    json: { type: 'boolean', meaning: 'print everything as JSON' },
  },
  examples: [
    ["ashlar explain 'GET /rest/v1/posts?select=title,authors(name)'", 'a read'],
    [
      `ashlar explain 'POST /rest/v1/comments' -d '{"post_id": 7, "body": "Hi"}' --as authenticated --claims '{"sub": "5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}' --analyze`,
      'a write in the name of a user, run and undone',
    ],
  ],
  maxWords: 3,
  run: async (given, terminal) => {
    const { request, folder } = readGiven(given);
    const explained = await explainRequest({
      ...parseRequest(request),
      folder,
      headers: parseHeaders(given.texts('header')),
      body: given.text('body') ?? '',
      role: given.text('as') ?? 'anon',
      claims: parseClaims(given.text('claims')),
      analyze: given.flag('analyze'),
      onProgress: tellProgress(terminal),
    });
    if (given.flag('json')) terminal.out(JSON.stringify(explained));
    else if (explained.kind === 'explained') terminal.out(printExplained(explained, terminal));
    else
      terminal.out(
        `${terminal.style(['bold', 'red'], `Refused with ${explained.status}`)}\n${printTree(explained.body, '  ').join('\n')}`,
      );
    return explained.kind === 'explained' ? 0 : 1;
  },
};
