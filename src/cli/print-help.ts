import type { Command, Option } from './command.ts';
import { commonOptions } from './parse-words.ts';
import type { Terminal } from './terminal.ts';

const width = 96;

/** Breaks a paragraph into lines. */
const wrap = (text: string, indent: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width - indent) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
};

const optionWords = (name: string, { short, value }: Option): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

/** Two columns, the second one wrapped. */
export const printRows = (rows: readonly (readonly [first: string, second: string])[]): string => {
  const first = Math.max(...rows.map(([words]) => words.length));
  return rows.map(([words, text]) => `  ${words.padEnd(first)}   ${wrap(text, first + 5)}`).join('\n');
};

/** The help of a command. */
export const printHelp = (command: Command, { style }: Pick<Terminal, 'style'>): string => {
  const options = Object.entries({ ...command.options, ...commonOptions }).filter(
    ([, option]) => option.hidden !== true,
  );
  const words = command.words === '' ? '' : ` ${command.words}`;
  return [
    `${style('bold', 'Usage:')} ashlar ${command.name}${words} [options]`,
    ...command.description.split('\n\n').map((paragraph) => wrap(paragraph, 0)),
    `${style('bold', 'Options:')}\n${printRows(options.map(([name, option]) => [optionWords(name, option), option.meaning]))}`,
    `${style('bold', 'Examples:')}\n${command.examples
      .map(([line, meaning]) => `  ${style('dim', `# ${meaning}`)}\n  ${line}`)
      .join('\n\n')}`,
  ].join('\n\n');
};
