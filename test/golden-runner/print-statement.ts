import type { Param, Statement } from '../../src/db/index.ts';
import { formatSql } from './format-sql.ts';

const printParam = (param: Param): string => {
  if (param === null) return 'NULL';
  const text = typeof param === 'string' ? param : Buffer.from(param).toString('utf8');
  return `'${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'`;
};

const SET = /set_config\((\$\d+|'[^']*'), (\$\d+|'[^']*'), true\)/g;

/**
 * The statement that sets role and search path, in every transaction, and whatever else it sets, in one
 * line: `-- set role = 'anon'; …`. What it tells of the request is in `request.http`; that and what it
 * clears for the answer is tested where it matters, and would be a line in every diff.
 */
const printSettings = ({ text, params }: Statement): string => {
  const value = (written: string): string =>
    written.startsWith('$') ? printParam(params[Number(written.slice(1)) - 1] ?? null) : written;
  const settings = [...text.matchAll(SET)]
    .map(([, name = '', set = '']) => [value(name).slice(1, -1), value(set)] as const)
    .filter(([name]) => !/^(?:request|response)\./.test(name))
    .map(([name, set]) => `${name} = ${set}`);
  return `-- set ${settings.join('; ')}\n`;
};

const printOne = (statement: Statement): string => {
  if (statement.key?.startsWith('settings:')) return printSettings(statement);
  if (statement.key === 'response-settings') return '-- what functions have set for the answer\n';
  const params = statement.params.map((param, i) => `-- $${i + 1} = ${printParam(param)}\n`);
  return `${formatSql(statement.text)};\n${params.join('')}`;
};

/** The statements of a request as they were sent, with their values. */
export const printStatements = (statements: readonly Statement[]): string =>
  statements.map(printOne).join('\n');
