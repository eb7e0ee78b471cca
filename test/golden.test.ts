import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatSql } from './golden-runner/format-sql.ts';
import { CASES, KNOWN_FILES, listCases, readCase } from './golden-runner/golden-case.ts';
import { readGoldenText, updateGoldenText } from './golden-runner/golden-text.ts';
import { type Fixture, openFixture } from './golden-runner/open-fixture.ts';
import { printResponse } from './golden-runner/print-response.ts';
import { printStatements } from './golden-runner/print-statement.ts';
import { printPlan, printTree } from './golden-runner/print-tree.ts';
import { type CaseRun, runCase } from './golden-runner/run-case.ts';
import { readTokens } from './golden-runner/sql-tokens.ts';
import { type ClusterVersion, installedVersions } from './setup/database.ts';

const cases = listCases();

/** The files of a run that are the same whatever the version; undefined: that stage was not reached. */
const printStages = ({ ask, plan, statements }: CaseRun) => ({
  'tree.json': ask && printTree(ask),
  'plan.json': plan && printPlan(plan),
  'statement.sql': statements.length === 0 ? undefined : printStatements(statements),
});

/** Postgres 18 comes first and says how it is; 15 has a file of its own only where it differs. */
const responseFile = (folder: string, version: ClusterVersion, actual: string): string => {
  const common = join(folder, 'response.http');
  if (version === 18) {
    updateGoldenText(common, actual);
    return common;
  }
  const own = join(folder, `response.pg${version}.http`);
  updateGoldenText(own, actual === readGoldenText(common) ? undefined : actual);
  return existsSync(own) ? own : common;
};

const words = (sql: string): readonly string[] =>
  readTokens(sql).flatMap(({ kind, text }) => (kind === 'space' ? [] : [text]));

describe.each(installedVersions())('the golden cases on Postgres %i', (version) => {
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await openFixture(version);
  });
  afterAll(() => fixture?.close());

  test.each(cases)('%s', async (name) => {
    const golden = readCase(name);
    const run = await runCase(fixture, golden);
    for (const [file, actual] of Object.entries(printStages(run))) {
      const path = join(golden.folder, file);
      if (version === 18) updateGoldenText(path, actual);
      expect(actual, `${name}/${file}; UPDATE_GOLDEN=1 npm test writes it`).toBe(readGoldenText(path));
    }
    const response = printResponse(run.response, run.body);
    expect(response, `${name}; UPDATE_GOLDEN=1 npm test writes it`).toBe(
      readGoldenText(responseFile(golden.folder, version, response)),
    );
    for (const { text } of run.statements) expect(words(formatSql(text))).toEqual(words(text));
  });
});

describe('the folder of golden cases', () => {
  test('covers the language', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    const stems = new Set(cases.map((name) => name.split('-')[0]));
    const lines = ['read', 'filter', 'select', 'aggregate', 'order', 'page', 'count', 'embed', 'insert'];
    const others = [
      'upsert',
      'update',
      'put',
      'delete',
      'rpc',
      'media',
      'schema',
      'head',
      'options',
      'error',
    ];
    expect([...stems]).toEqual(expect.arrayContaining([...lines, ...others, 'rls', 'settings', 'response']));
  });

  test('has a request in every case, and only files that are known', () => {
    for (const name of cases) {
      const files = readdirSync(join(CASES, name));
      expect(files, name).toContain('request.http');
      expect(files, name).toContain('response.http');
      expect(KNOWN_FILES, name).toEqual(expect.arrayContaining(files));
    }
  });

  test('has names that say what they are about', () => {
    for (const name of cases) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
  });
});
