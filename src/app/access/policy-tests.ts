import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessMatrix } from '../../access/index.ts';
import type { OnDevProgress } from '../dev/dev-progress.ts';
import { findProject } from '../dev/find-project.ts';
import { AppFailure } from '../failure.ts';
import { surveyProject } from './survey-project.ts';

type Relation = AccessMatrix['roles'][number]['relations'][number];

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Whether the seed has rows of it: what must not be reached has to be there. */
const hasRows = ({ verbs }: Relation): boolean =>
  verbs.some(({ tried }) => tried.some(({ row }) => row.endsWith('of those that were there')));

/** What is to be tested of one role and table: a sentence, and what has to hold. */
function* testsOf(
  role: string,
  relation: Relation,
  filled: boolean,
): Generator<readonly [sentence: string, check: string]> {
  const name = relation.schema === 'public' ? relation.name : `${relation.schema}.${relation.name}`;
  // A user who has no rows stands for everybody that rows do not belong to.
  const who = role === 'authenticated' ? 'a stranger' : role;
  const person = `as(${quote(who)})`;
  for (const { verb, reach, columns } of relation.verbs) {
    const closedToThem = reach === 'none' || reach === 'own';
    if (verb === 'select') {
      if (closedToThem) yield [`${who} sees nothing`, `${person}.sees(${quote(name)}).nothing()`];
      else if (reach === 'all' && filled) {
        const open = columns.filter((column) => column.reach === 'all').length === columns.length;
        if (open) yield [`${who} sees every row`, `${person}.can('select', ${quote(name)})`];
      }
    } else if (verb === 'insert') {
      if (reach === 'none') yield [`${who} adds nothing`, `${person}.cannot('insert', ${quote(name)})`];
    } else if (filled && closedToThem)
      yield [
        `${who} ${verb === 'update' ? 'changes' : 'deletes'} no row${reach === 'own' ? ' of others' : ''}`,
        `${person}.cannot(${quote(verb)}, ${quote(name)})`,
      ];
    if (verb === 'update' && filled && reach !== 'none')
      for (const { column } of columns.filter((one) => one.reach === 'none'))
        yield [
          `${who} does not set ${column}`,
          `${person}.cannot('update', ${quote(name)}, {}, { ${/^[A-Za-z_$][\w$]*$/.test(column) ? column : quote(column)}: null })`,
        ];
  }
}

const printFile = (
  relation: Relation,
  runner: string,
  tests: readonly (readonly [string, string])[],
): string => `// Written by "ashlar new policy-tests": how it was then. Now it is yours: say here why it has to be so, and add what
// certain rows are about (docs: "Prove your permissions").
import { as } from 'ashlar/test';
import { describe, test } from '${runner}';

describe(${quote(relation.name)}, () => {
${tests.map(([sentence, check]) => `  test(${quote(sentence)}, () => ${check});`).join('\n')}
});
`;

/** The runner that a project has: Vitest, where its package.json names it, else Node's own. */
const findRunner = (folder: string): string => {
  const path = join(folder, 'package.json');
  return existsSync(path) && readFileSync(path, 'utf8').includes('"vitest"') ? 'vitest' : 'node:test';
};

/**
 * Writes a first set of policy tests for a project, a file for each table and view, from what its access matrix is now:
 * above all what must not be possible. Files that are there already stay as they are.
 *
 * @returns the files that were written, from the project's folder
 * @throws AppFailure, and what making the matrix throws
 */
export const writePolicyTests = async (
  folder: string,
  onProgress: OnDevProgress,
): Promise<{ readonly folder: string; readonly files: readonly string[] }> => {
  const project = findProject(folder);
  const matrix = await surveyProject({ source: { kind: 'scratch', folder: project }, onProgress });
  const runner = findRunner(project);
  const files: string[] = [];
  const tables = matrix.roles[0]?.relations.filter(({ kind }) => kind !== 'routine') ?? [];
  for (const { schema, name } of tables) {
    const all = matrix.roles.flatMap(({ role, relations }) =>
      relations
        .filter((one) => one.schema === schema && one.name === name)
        .map((relation) => ({ role, relation })),
    );
    const filled = all.some(({ relation }) => hasRows(relation));
    const tests = all.flatMap(({ role, relation }) => [...testsOf(role, relation, filled)]);
    const file = join('test', 'policies', `${name.replace(/[^\w-]/g, '_')}.test.ts`);
    if (tests.length === 0 || existsSync(join(project, file))) continue;
    try {
      mkdirSync(join(project, 'test', 'policies'), { recursive: true });
      writeFileSync(join(project, file), printFile(all[0]?.relation as Relation, runner, tests));
    } catch (error) {
      throw new AppFailure(`${join(project, file)} cannot be written: ${(error as Error).message}`, error);
    }
    files.push(file);
  }
  return { folder: project, files };
};
