import { styleText } from 'node:util';
import type { Json, Observation, ObservationLevel } from '../base/index.ts';

const colors = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const satisfies {
  readonly [level in ObservationLevel]: Parameters<typeof styleText>[0];
};

/** Nothing of what others sent may end a line, or speak to the terminal; our own messages may have several lines. */
const clean = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

const printField = ([name, value]: readonly [string, Json]): string =>
  `${name}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? clean(value) : clean(JSON.stringify(value))}`;

/** A line for a person: time of day, level, message and fields. */
export const printLogLine = (
  { level, message, fields = {} }: Observation,
  time: Date,
  color: boolean,
): string => {
  const style = (kind: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(kind, text, { validateStream: false }) : text;
  // What the message says already is not said twice.
  const words = message.split(' ');
  const told = Object.entries(fields)
    .filter(([, value]) => !words.includes(String(value)))
    .map(printField)
    .join(' ');
  return `${style('dim', time.toISOString().slice(11, 23))} ${style(colors[level], level.padEnd(5))} ${clean(message)}${
    told === '' ? '' : ` ${style('dim', told)}`
  }\n`;
};
