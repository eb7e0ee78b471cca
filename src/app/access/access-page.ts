import { type AccessMatrix, reachWords } from '../../access/index.ts';
import { type Html, html, trusted } from '../docs/html.ts';
import { accessScript } from './access-script.ts';
import { accessStyle } from './access-style.ts';

type Role = AccessMatrix['roles'][number];
type Relation = Role['relations'][number];
type Verb = Relation['verbs'][number];

const VERBS = ['select', 'insert', 'update', 'delete'] as const;

const nameOf = ({ schema, name }: Relation): string => (schema === 'public' ? name : `${schema}.${name}`);

const word = ({ verb, reach }: Verb): string =>
  verb === 'execute' ? (reach === 'none' ? 'no' : 'may be called') : reachWords[reach];

const which = ({ reach, columns }: Verb): string => {
  const open = columns.filter((column) => column.reach !== 'none');
  return reach === 'none' || open.length === columns.length
    ? ''
    : `${open.length} of ${columns.length} columns`;
};

/** The address of a cell in the page's data: role, relation, verb. */
const cell = (verb: Verb, at: readonly number[], colspan = 1): Html => html`<td colspan="${colspan}"><button
  type="button" aria-haspopup="dialog" class="cell ${verb.reach}" data-at="${at.join('.')}">${word(verb)}${
    which(verb) === '' ? undefined : html` <small>${which(verb)}</small>`
  }${verb.notes.length > 0 ? html` <span class="mark" title="has a note">!</span>` : undefined}</button></td>`;

const row = (relation: Relation, r: number, i: number): Html => {
  const open = relation.verbs.some(({ reach }) => reach !== 'none');
  const known = relation.verbs.every(({ reach }) => reach !== 'unknown');
  return html`<tr data-name="${nameOf(relation).toLowerCase()}" data-open="${open ? 'yes' : 'no'}" data-known="${known ? 'yes' : 'no'}">
<th scope="row"><code>${nameOf(relation)}</code>${
    relation.kind === 'table' ? undefined : html` <small>${relation.kind}</small>`
  }</th>${
    relation.kind === 'routine'
      ? cell(relation.verbs[0] as Verb, [r, i, 0], VERBS.length)
      : VERBS.map((verb) => {
          const v = relation.verbs.findIndex((one) => one.verb === verb);
          return cell(relation.verbs[v] as Verb, [r, i, v]);
        })
  }</tr>`;
};

const section = (
  { role, notes, relations }: Role,
  r: number,
): Html => html`<section aria-labelledby="role-${r}">
<h2 id="role-${r}">${role}</h2>
${notes.map((note) => html`<p class="quiet">${note}</p>`)}
<div class="scroll"><table>
<thead><tr><th scope="col">table, view or function</th>${VERBS.map((verb) => html`<th scope="col">${verb}</th>`)}</tr></thead>
<tbody>${relations.map((relation, i) => row(relation, r, i))}</tbody>
</table></div>
<p class="quiet nothing" hidden>Nothing here is called so.</p>
</section>`;

const legend: readonly (readonly [reach: Verb['reach'], meaning: string])[] = [
  ['none', 'closed: no grant opens it, or no policy lets a row through'],
  ['own', 'none but rows that belong to who asks, as the policies tell'],
  ['some', 'rows that a policy chooses by something else: what stands in them, a claim, a membership'],
  ['all', 'every row'],
  ['unknown', 'it could not be found out; the cell says why'],
];

/**
 * The access matrix as a page that stands for itself: nothing is loaded, and it can be kept or sent. Each cell
 * opens what it was derived from: the grant, the policies, the rows that were tried.
 */
export const printAccessPage = (matrix: AccessMatrix): string => {
  const data = JSON.stringify(matrix).replaceAll('<', '\\u003c');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Who can do what</title>
<link rel="icon" href="data:,">
<style>${trusted(accessStyle)}</style>
</head>
<body>
<header>
<h1>Who can do what</h1>
<p>Each role and what it comes to. A <strong>grant</strong> opens a table or a column of it; with row-level security on,
<strong>policies</strong> then say which rows. Both were evaluated here and tried out on rows that were made for it
and undone. Choose a cell to see what it was derived from.</p>
<dl class="legend">${legend.map(
    ([reach, meaning]) =>
      html`<div><dt><span class="cell ${reach}">${reachWords[reach]}</span></dt><dd>${meaning}</dd></div>`,
  )}</dl>
<nav aria-label="Roles">${matrix.roles.map(({ role }, r) => html`<a href="#role-${r}">${role}</a> `)}</nav>
</header>
<form role="search" class="search">
<label for="search">Find a table</label>
<input id="search" type="search" autocomplete="off" placeholder="posts">
<label><input id="open" type="checkbox"> only what is open</label>
<label><input id="unknown" type="checkbox"> only what is unknown</label>
</form>
<main>${matrix.roles.map(section)}</main>
<dialog id="detail" aria-labelledby="detail-title"></dialog>
<script type="application/json" id="matrix">${trusted(data)}</script>
<script>${trusted(accessScript)}</script>
</body>
</html>
`.html;
};
