import type { Param, Statement } from '../../src/db/index.ts';
import { formatSql } from './format-sql.ts';

const printParam = (param: Param): string => {
  if (param === null) return 'NULL';
  const text = typeof param === 'string' ? param : Buffer.from(param).toString('utf8');
  return `'${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'`;
};

/** The settings of a request that say what is in `request.http` already. */
const KNOWN = 5;

/**
 * Role and search path are set in every transaction, other settings in some: `-- set role = 'anon' …`.
 * The values stand behind those of fixed names, each after its name.
 */
const printSettings = ({ key = '', params }: Statement): string => {
  const [path, role] = params;
  const further = params.slice(2 + KNOWN);
  const pairs = Array.from(
    { length: further.length / 2 },
    (_, i) => `${String(further[2 * i])} = ${printParam(further[2 * i + 1] ?? null)}`,
  );
  const mode = key.endsWith(':ro') ? ['transaction_read_only = on'] : [];
  return `-- set ${[`role = ${role}`, `search_path = ${path}`, ...mode, ...pairs].join('; ')}\n`;
};

const printOne = (statement: Statement): string => {
  if (statement.key?.startsWith('settings:')) return printSettings(statement);
  const params = statement.params.map((param, i) => `-- $${i + 1} = ${printParam(param)}\n`);
  return `${formatSql(statement.text)};\n${params.join('')}`;
};

/** The statements of a request as they were sent, with their values. */
export const printStatements = (statements: readonly Statement[]): string =>
  statements.map(printOne).join('\n');
