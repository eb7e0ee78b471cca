import type { Json } from '../base/index.ts';
import { PathScanner } from './path-scanner.ts';

type Step = (value: Json | undefined) => Json | undefined;

const NAME = /[\p{L}\p{N}_$@]+/uy;
const QUOTED = /"[^"]*"/y;
const INDEX = /\[[0-9]+\]/y;

const MATCHES: readonly (readonly [operator: string, matches: (text: string, wanted: string) => boolean])[] =
  [
    ['==^', (text, wanted) => text.endsWith(wanted)],
    ['==', (text, wanted) => text === wanted],
    ['!=', (text, wanted) => text !== wanted],
    ['^==', (text, wanted) => text.startsWith(wanted)],
    ['*==', (text, wanted) => text.includes(wanted)],
  ];

const readQuoted = (scan: PathScanner): string | undefined => scan.match(QUOTED)?.slice(1, -1);

const nameStep =
  (name: string): Step =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, name) ? (value as { readonly [key: string]: Json })[name] : undefined;
  };

const indexStep =
  (index: number): Step =>
  (value) =>
    Array.isArray(value) ? value[index] : undefined;

const parseFilter = (scan: PathScanner): Step => {
  if (!scan.pass('@')) throw scan.expected('@');
  scan.skipSpace();
  const match = MATCHES.find(([operator]) => scan.pass(operator));
  if (match === undefined) throw scan.expected('==, !=, ^==, ==^ or *==');
  scan.skipSpace();
  const wanted = readQuoted(scan);
  if (wanted === undefined) throw scan.expected('a text in double quotes');
  if (!scan.pass(')]')) throw scan.expected(')]');
  if (!scan.isAtEnd()) throw scan.expected('the end');
  return (value) =>
    Array.isArray(value) ? value.find((one) => typeof one === 'string' && match[1](one, wanted)) : undefined;
};

const parseStep = (scan: PathScanner): Step => {
  if (scan.pass('.')) {
    const name = scan.match(NAME) ?? readQuoted(scan);
    if (name === undefined) throw scan.expected('a name, in double quotes where it has other characters');
    return nameStep(name);
  }
  if (scan.pass('[?(')) return parseFilter(scan);
  const index = scan.match(INDEX);
  if (index === undefined) throw scan.expected('. or [');
  return indexStep(Number(index.slice(1, -1)));
};

/**
 * Reads a path in the syntax that came before JSONPath: `.name`, `."any name"`, `[0]` and, at the end,
 * `[?(@ == "text")]` with `==`, `!=`, `^==` (begins with), `==^` (ends with) or `*==` (contains).
 *
 * @throws PathMismatch where the text is no such path
 * @example parseLegacyPath('.roles[0]')({ roles: ['author'] }) // 'author'
 */
export const parseLegacyPath = (path: string): ((root: Json) => Json | undefined) => {
  const scan = new PathScanner(path);
  const steps: Step[] = [];
  do steps.push(parseStep(scan));
  while (!scan.isAtEnd());
  return (root) => steps.reduce<Json | undefined>((value, step) => step(value), root);
};
