import type { Finding } from '../base/index.ts';
import { loadParser, type SqlParser } from './expression/parser.ts';
import { readNode, readStrings } from './expression/tree.ts';

/** A file of SQL, as a person is told of it. */
export type SqlFile = { readonly path: string; readonly text: string };

type Place = NonNullable<Finding['place']>;

/** What a statement makes, as findings name it: `public.posts`. A name without a schema is taken for one of public. */
const readMade = (statement: unknown): string | undefined => {
  const node = readNode(statement);
  if (node === undefined) return undefined;
  const { fields } = node;
  switch (node.kind) {
    case 'CreateStmt':
      return nameOf(fields.relation);
    case 'CreateForeignTableStmt':
      return nameOf((fields.base as { readonly relation?: unknown } | undefined)?.relation);
    case 'ViewStmt':
      return nameOf(fields.view);
    case 'CreateTableAsStmt':
      return nameOf((fields.into as { readonly rel?: unknown } | undefined)?.rel);
    case 'CreateFunctionStmt': {
      const names = readStrings(fields.funcname);
      return names.length === 1 ? `public.${names[0]}` : names.join('.');
    }
    default:
      return undefined;
  }
};

const nameOf = (relation: unknown): string | undefined => {
  const { schemaname, relname } = (relation ?? {}) as {
    readonly schemaname?: string;
    readonly relname?: string;
  };
  return relname === undefined ? undefined : `${schemaname ?? 'public'}.${relname}`;
};

/** Where each thing is made, by its name; what is made anew by a later file is there. */
const readPlaces = (parser: SqlParser, files: readonly SqlFile[]): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>();
  for (const { path, text } of files) {
    const bytes = Buffer.from(text);
    const tokens = parser.parseStatements(text) === undefined ? [] : parser.scan(text);
    for (const { node, start } of parser.parseStatements(text) ?? []) {
      const name = readMade(node);
      if (name === undefined) continue;
      // Before a statement stand what comments there are; they are no tokens of it.
      const first =
        tokens.find((token) => token.start >= start && !/^(--|\/\*)/.test(token.text))?.start ?? start;
      places.set(name, { file: path, line: bytes.subarray(0, first).toString().split('\n').length });
    }
  }
  return places;
};

/** Says of findings where in a project's files their subjects are made. */
export const addPlaces = async (
  findings: readonly Finding[],
  files: readonly SqlFile[],
): Promise<readonly Finding[]> => {
  const places = readPlaces(await loadParser(), files);
  return findings.map((finding) => {
    // A column is where its table is.
    const place = places.get(finding.subject) ?? places.get(finding.subject.split('.').slice(0, 2).join('.'));
    return place === undefined ? finding : { ...finding, place };
  });
};
