import type { MigrationFailure } from './migration-failure.ts';

export type PrintOptions = {
  /** With ANSI colours. Default false. */
  readonly color?: boolean;
};

/**
 * Prints a failure as compilers do: what, where, the line with a caret below the place, and what to do.
 * No newline at the end.
 *
 * @example
 * printFailure(failure)
 * // error[42P01]: relation "pots" does not exist
 * //  --> migrations/0002_comments.sql:3:34
 * //   |
 * // 3 |   post_id bigint references pots (id)
 * //   |                             ^
 */
export const printFailure = (failure: MigrationFailure, { color = false }: PrintOptions = {}): string => {
  const paint =
    (code: string) =>
    (text: string): string =>
      color ? `\u001b[${code}m${text}\u001b[0m` : text;
  const [bold, red, blue] = [paint('1'), paint('1;31'), paint('1;34')];
  const { place } = failure;
  const margin = ' '.repeat(String(place?.line ?? '').length);
  const code = failure.code === undefined ? '' : `[${failure.code}]`;

  const lines = [`${red(`error${code}`)}${bold(`: ${clean(failure.message)}`)}`];
  const where = place ? `${failure.file}:${place.line}:${place.column}` : failure.file;
  lines.push(`${margin}${blue('-->')} ${where}`);
  if (place) {
    const text = clean(place.text);
    const before = [...text].slice(0, place.column - 1).join('');
    lines.push(
      `${margin} ${blue('|')}`,
      `${blue(`${place.line} |`)} ${text}`,
      `${margin} ${blue('|')} ${blankOut(before)}${red('^')}`,
    );
  }
  const note = (label: string, text: string | undefined): void => {
    if (!text) return;
    const [first, ...rest] = clean(text).split('\n');
    lines.push(`${margin} ${blue('=')} ${bold(`${label}:`)} ${first}`);
    for (const line of rest) lines.push(`${margin}   ${' '.repeat(label.length + 1)} ${line}`);
  };
  note('detail', failure.detail);
  note('hint', failure.hint);
  note('in', failure.context);
  for (const help of failure.help) note('help', help);
  return lines.join('\n');
};

/** Control characters of a file or a message could steer the terminal; only line breaks and tabs are wanted. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const clean = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

/** As wide as the text is on a terminal: a tab stays one, and characters of East Asia take two columns. */
const blankOut = (text: string): string =>
  text.replace(/[^\t]/gu, (char) => (wide.test(char) ? '  ' : marks.test(char) ? '' : ' '));

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const marks = /\p{M}/u;
