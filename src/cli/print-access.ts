import { type AccessMatrix, type Reach, reachWords } from '../app/index.ts';
import type { Terminal } from './terminal.ts';

type Role = AccessMatrix['roles'][number];
type Relation = Role['relations'][number];
type Verb = Relation['verbs'][number];

const VERBS = ['select', 'insert', 'update', 'delete'] as const;

const styles: { readonly [reach in Reach]: Parameters<Terminal['style']>[0] } = {
  none: 'dim',
  own: 'green',
  some: 'yellow',
  all: 'red',
  unknown: ['bold', 'magenta'],
};

/** How far, and over which columns where that is not all: `own rows, body`. */
const cellText = (verb: Verb | undefined): string => {
  if (verb === undefined || verb.reach === 'none') return '–';
  const open = verb.columns.filter(({ reach }) => reach !== 'none').map(({ column }) => column);
  const which =
    open.length === verb.columns.length
      ? ''
      : open.length <= 2
        ? `: ${open.join(', ')}`
        : `: ${open.length} of ${verb.columns.length} columns`;
  return `${verb.reach === 'unknown' ? 'unknown' : reachWords[verb.reach]}${which}`;
};

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length));

const nameOf = ({ schema, name }: Relation): string => (schema === 'public' ? name : `${schema}.${name}`);

const printRole = ({ role, notes, relations }: Role, { style }: Terminal): string => {
  const tables = relations.filter(({ kind }) => kind !== 'routine');
  const routines = relations.filter(({ kind }) => kind === 'routine');
  const cells = tables.map((relation) =>
    VERBS.map((name) => relation.verbs.find(({ verb }) => verb === name)),
  );
  const first = Math.max(8, ...tables.map((relation) => nameOf(relation).length));
  const widths = VERBS.map((name, i) =>
    Math.max(name.length, ...cells.map((row) => cellText(row[i]).length)),
  );
  const lines = [
    style(['bold', 'underline'], role),
    ...notes.map((note) => style('dim', note)),
    ...(tables.length === 0
      ? []
      : [
          style(
            'dim',
            `  ${pad('', first)}  ${VERBS.map((name, i) => pad(name, widths[i] ?? 0)).join('  ')}`,
          ),
        ]),
    ...tables.map((relation, r) =>
      `  ${pad(nameOf(relation), first)}  ${(cells[r] ?? [])
        .map((verb, i) => style(styles[verb?.reach ?? 'none'], pad(cellText(verb), widths[i] ?? 0)))
        .join('  ')}`.trimEnd(),
    ),
    ...routines
      .filter(({ verbs }) => verbs[0]?.reach !== 'none')
      .map((routine) => {
        const definer = routine.verbs[0]?.notes.length
          ? style('yellow', ', with the rights of its owner')
          : '';
        return `  ${nameOf(routine)}  may be called${definer}`;
      }),
  ];
  const said = tables.flatMap((relation) =>
    relation.verbs.flatMap((verb) =>
      verb.notes.map(
        (note) =>
          `  ${style(verb.reach === 'unknown' ? ['bold', 'magenta'] : 'yellow', verb.reach === 'unknown' ? '?' : '!')} ${verb.verb} ${nameOf(relation)}: ${note}`,
      ),
    ),
  );
  return [...lines, ...(said.length === 0 ? [] : ['', ...said])].join('\n');
};

/** The access matrix for a terminal: a table for each role, and below it what is to be known beside. */
export const printAccess = (matrix: AccessMatrix, terminal: Terminal): string => {
  const { style } = terminal;
  const legend = [
    `${style(styles.own, 'own rows')} those that belong to who asks`,
    `${style(styles.some, 'some rows')} those that a policy chooses by something else`,
    `${style(styles.unknown, 'unknown')} it could not be found out`,
  ].join(style('dim', ' · '));
  return [...matrix.roles.map((role) => printRole(role, terminal)), legend].join('\n\n');
};
