import { createHash } from 'node:crypto';
import {
  type Contract,
  findRelationships,
  mayCall,
  mayUse,
  type Privilege,
  usableResources,
  usableRoutines,
} from '../../contract/index.ts';
import type { HttpResponse } from '../../http/index.ts';
import {
  type Column,
  describeComment,
  isCallable,
  type Relation,
  type Relationship,
  type Routine,
} from '../../model/index.ts';
import { docsStyle } from './docs-style.ts';
import { type Html, html, trusted } from './html.ts';
import { pageResponse } from './page-response.ts';
import { embeddable, findSample, readableColumns, sampleOf } from './sample-request.ts';

/** What the page tells of. */
export type DocsInput = {
  /** The project's name. */
  readonly title: string;
  /** The root of the API: `http://127.0.0.1:4000/rest/v1`. */
  readonly rest: string;
  readonly anonKey: string;
  readonly schema: string;
  /** The API as each role sees it; the first is that of requests without a key, the last sees most. */
  readonly contracts: readonly [Contract, ...Contract[]];
};

const roleOf = ({ audience }: Contract): string => audience.role;

/** What a comment says, behind the name of what it is about. */
const aside = (comment: string | null): string => {
  const told = describeComment(comment);
  return told === null ? '' : ` · ${told}`;
};

/** Puts a text between single quotes of a shell. */
const quoteShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const command = (text: string): Html => html`<pre><code>${text}</code></pre>`;

/** Lets a browser find a resource by its name, whatever is in it. */
const anchor = (kind: string, name: string): string => `${kind}-${encodeURIComponent(name)}`;

const verbs: readonly (readonly [privilege: Privilege, method: string, word: string])[] = [
  ['SELECT', 'GET', 'read'],
  ['INSERT', 'POST', 'add'],
  ['UPDATE', 'PATCH', 'change'],
  ['DELETE', 'DELETE', 'remove'],
];

const rightsTable = ({ contracts }: DocsInput, relation: Relation): Html => html`
<div class="scroll"><table>
<thead><tr><th>role</th>${verbs.map(([, method, word]) => html`<th>${word} <span class="quiet">${method}</span></th>`)}</tr></thead>
<tbody>${contracts.map(
  (contract) =>
    html`<tr><td><code>${roleOf(contract)}</code></td>${verbs.map(([privilege]) =>
      mayUse(contract, relation, privilege)
        ? html`<td><span class="yes">yes</span></td>`
        : html`<td class="no">no</td>`,
    )}</tr>`,
)}</tbody></table></div>`;

/** Whether the database fills the column where a row comes without it. */
const isFilled = ({ default: filled, identity, generated }: Column): boolean =>
  filled !== null || identity !== null || generated !== null;

const columnNotes = (relation: Relation, column: Column): readonly string[] => [
  ...(relation.primaryKey.includes(column.name) ? ['primary key'] : []),
  ...(column.nullable ? [] : [isFilled(column) ? 'never null' : 'required']),
  ...(column.generated === null ? [] : ['generated']),
  ...(column.identity === null ? [] : ['numbered by the database']),
  ...(column.default === null || column.identity !== null ? [] : [`default ${column.default}`]),
  ...(column.enumValues.length === 0 ? [] : [`one of ${column.enumValues.join(', ')}`]),
];

const columnsTable = (relation: Relation): Html => html`
<div class="scroll"><table>
<thead><tr><th>column</th><th>type</th><th></th></tr></thead>
<tbody>${relation.columns.map(
  (column) => html`<tr><td><code>${column.name}</code></td><td>${column.type}</td>
<td>${describeComment(column.comment) ?? ''} <span class="quiet">${columnNotes(relation, column).join(', ')}</span></td></tr>`,
)}</tbody></table></div>`;

const describeRelationship = (relationship: Relationship): string => {
  switch (relationship.kind) {
    case 'many-to-one':
    case 'one-to-one':
      return `an object, by ${relationship.columns.map(([own]) => own).join(', ')}`;
    case 'one-to-many':
      return `an array, by its ${relationship.columns.map(([, foreign]) => foreign).join(', ')}`;
    case 'many-to-many':
      return `an array, through ${relationship.junction.relation.name}`;
    case 'computed':
      return relationship.toOne ? 'an object, computed' : 'an array, computed';
  }
};

/** What tells this relationship from others to the same table. */
const hintOf = (relationship: Relationship, all: readonly Relationship[]): string => {
  const { foreign } = relationship;
  if (all.filter((other) => other.foreign.name === foreign.name).length === 1) return foreign.name;
  switch (relationship.kind) {
    case 'computed':
      return relationship.function.name;
    case 'many-to-many':
      return `${foreign.name}!${relationship.junction.relation.name}`;
    default:
      return `${foreign.name}!${relationship.constraint}`;
  }
};

const relationshipList = (contract: Contract, relation: Relation): Html | undefined => {
  const all = findRelationships(contract, relation, relation.schema);
  if (all.length === 0) return undefined;
  return html`<p>Can be asked for together with its rows:</p><ul>${all.map(
    (one) =>
      html`<li><code>select=*,${hintOf(one, all)}(*)</code> <span class="quiet">${describeRelationship(one)}</span></li>`,
  )}</ul>`;
};

const kinds: { readonly [kind in Relation['kind']]: string } = {
  table: 'table',
  'partitioned table': 'table',
  view: 'view',
  'materialized view': 'view',
  'foreign table': 'foreign table',
};

const resourceSection = (input: DocsInput, contract: Contract, relation: Relation): Html => {
  const [reader] = input.contracts.filter((one) => mayUse(one, relation, 'SELECT'));
  const key = reader === input.contracts[0] ? '' : ' \\\n  -H "apikey: $key"';
  return html`
<details><summary><h3>${relation.name}</h3>
<span class="quiet">${kinds[relation.kind]}${aside(relation.comment)}</span></summary>
<div id="${anchor('table', relation.name)}">${columnsTable(relation)}</div>
${relationshipList(contract, relation)}
${rightsTable(input, relation)}
${relation.rowSecurity ? html`<p class="quiet">Policies choose the rows that a role sees.</p>` : undefined}
${reader === undefined ? undefined : command(`curl ${quoteShell(`${input.rest}${sampleOf(reader, relation).path}`)}${key}`)}
</details>`;
};

const routineSignature = (routine: Routine): string =>
  `${routine.name}(${routine.parameters
    .map(({ name, type, required }) => `${name === '' ? '' : `${name} `}${type}${required ? '' : ' = …'}`)
    .join(', ')})`;

const routineSection = ({ contracts, rest }: DocsInput, routine: Routine): Html => {
  const callers = contracts.filter((contract) => mayCall(contract, routine)).map(roleOf);
  const body = Object.fromEntries(
    routine.parameters.filter(({ required, name }) => required && name !== '').map(({ name }) => [name, '…']),
  );
  const url = quoteShell(`${rest}/rpc/${encodeURIComponent(routine.name)}`);
  const call =
    routine.volatility !== 'volatile' && routine.parameters.length === 0
      ? `curl ${url}`
      : `curl ${url} \\\n  -H 'Content-Type: application/json' -d ${quoteShell(JSON.stringify(body))}`;
  return html`
<details><summary><h3>${routine.name}</h3>
<span class="quiet">function${aside(routine.comment)}</span></summary>
<p id="${anchor('function', routine.name)}"><code>${routineSignature(routine)}</code></p>
<p>May be called by ${callers.join(', ') || 'nobody'}.</p>
${command(call)}</details>`;
};

/** A filter by a column that is certain to be understood; none for types of which that is not known. */
const sampleFilter = ({
  name,
  baseType,
}: Column): readonly { readonly kind: string; readonly filter: string }[] => {
  const by = (kind: string, rest: string) => [{ kind, filter: `${encodeURIComponent(name)}=${rest}` }];
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(baseType)) return by('number', 'gte.1');
  if (/^(text|character varying)/.test(baseType)) return by('text', 'ilike.*a*');
  if (baseType === 'boolean') return by('flag', 'is.true');
  return [];
};

/** How to ask, told with a table of this API. */
const lesson = ({ contracts: [contract], schema, rest }: DocsInput): Html => {
  const sample = findSample(contract, schema);
  const relation = usableResources(contract, schema).find(({ name }) => name === sample?.resource);
  if (sample === undefined || relation === undefined)
    return html`<p>Nothing can be read without a key yet. A table opens with a grant in a migration:</p>
${command(`grant select on public.my_table to anon;`)}`;
  const table = `${rest}/${encodeURIComponent(relation.name)}`;
  const columns = readableColumns(contract, relation);
  const filters = columns
    .flatMap(sampleFilter)
    .filter((one, i, all) => all.findIndex((other) => other.kind === one.kind) === i);
  const first = columns[0];
  const [embed] = embeddable(contract, relation);
  return html`
<p>A table is a path. Without parameters it gives all its rows, as JSON; this asks for some columns of three rows:</p>
${command(`curl ${quoteShell(`${rest}${sample.path}`)}`)}
<p><strong>A filter</strong> is a column, an operator and a value: <code>eq</code>, <code>neq</code>, <code>gt</code>,
<code>lt</code>, <code>like</code>, <code>ilike</code>, <code>in</code>, <code>is</code>, …</p>
${filters.slice(0, 2).map(({ filter }) => command(`curl ${quoteShell(`${table}?${filter}`)}`))}
<p><strong>Order and pages:</strong></p>
${command(`curl ${quoteShell(`${table}?order=${encodeURIComponent(first?.name ?? '')}.desc&limit=10&offset=20`)}`)}
${
  embed === undefined
    ? undefined
    : html`<p><strong>Related rows</strong> come along when they are named in <code>select</code>:</p>
${command(`curl ${quoteShell(`${table}?select=*,${embed[1].name}(*)&limit=3`)}`)}`
}
<p><strong>How many</strong> there are stands in the header <code>Content-Range</code>:</p>
${command(`curl -I ${quoteShell(table)} -H 'Prefer: count=exact'`)}`;
};

const signingIn = ({ anonKey }: DocsInput): Html => html`
<p>Who shows nothing is <code>anon</code>. The key of <code>anon</code> says the same, for clients that want one; send it
as <code>apikey</code> or as <code>Authorization: Bearer</code>:</p>
${command(anonKey)}
<p>The <code>service_role</code> key is for your own programs only: no policy holds for it. It was printed when the server
started.</p>
<p>A user is a token (JWT, HS256) with <code>"role": "authenticated"</code> and the user's id as <code>sub</code>; policies
see the id as <code>auth.uid()</code>. To make one for trying out:</p>
${command(`token=$(ashlar token --claims '{"sub":"5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}')\ncurl … -H "Authorization: Bearer $token"`)}`;

/** What at least one role may use, each with the contract of the role that may do most of those. */
const fromAll = <T>(
  contracts: DocsInput['contracts'],
  list: (contract: Contract) => readonly T[],
): readonly { readonly contract: Contract; readonly found: T }[] => {
  const seen = new Map<T, Contract>();
  for (const contract of contracts.toReversed())
    for (const found of list(contract)) if (!seen.has(found)) seen.set(found, contract);
  return [...seen].map(([found, contract]) => ({ contract, found }));
};

/** The page as HTML. */
export const printDocsPage = (input: DocsInput): string => {
  const resources = fromAll(input.contracts, (contract) => usableResources(contract, input.schema));
  const routines = fromAll(input.contracts, (contract) => usableRoutines(contract, input.schema))
    .map(({ found }) => found)
    .filter(isCallable);
  const entries = [
    ...resources.map(({ found: { name } }) => html`<li><a href="#${anchor('table', name)}">${name}</a></li>`),
    ...routines.map(({ name }) => html`<li><a href="#${anchor('function', name)}">${name}()</a></li>`),
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${input.title} · API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${trusted(docsStyle)}</style></head>
<body>
<h1>${input.title}</h1>
<p>The API is at <code>${input.rest}</code>. As a document for programs: <a href="${input.rest}/">OpenAPI</a>.</p>
<nav><ul>${entries}</ul></nav>
<h2>Ask</h2>${lesson(input)}
<h2>Sign in</h2>${signingIn(input)}
<h2>Tables and views</h2>${
    resources.length === 0
      ? html`<p>There are none yet. Write one into a migration and save it: it appears here at once.</p>`
      : resources.map(({ contract, found }) => resourceSection(input, contract, found))
  }
${
  routines.length === 0
    ? undefined
    : html`<h2>Functions</h2>${routines.map((routine) => routineSection(input, routine))}`
}
</body></html>
`.html;
};

const styleHash = createHash('sha256').update(docsStyle).digest('base64');

/** The page as an answer: it needs nothing else, and may load nothing else. */
export const docsResponse = (input: DocsInput): HttpResponse => pageResponse(printDocsPage(input), styleHash);
