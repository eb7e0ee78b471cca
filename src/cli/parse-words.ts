import { parseArgs } from 'node:util';
import { findSimilar } from '../base/index.ts';
import { type Command, type Given, UsageError } from './command.ts';

/** Options that every command has. */
export const commonOptions: Command['options'] = {
  help: { type: 'boolean', short: 'h', meaning: 'this text' },
};

/** `. Did you mean "dev"?`, or nothing. */
export const suggest = (word: string, known: Iterable<string>, prefix = ''): string => {
  const meant = findSimilar(word, known, 0.4)[0]?.name;
  return meant === undefined ? '' : ` Did you mean "${prefix}${meant}"?`;
};

/**
 * Reads the words after a command's name.
 *
 * @throws UsageError for an option that the command does not have, and for too many words
 */
export const parseWords = (command: Command, args: readonly string[]): Given => {
  const options: Command['options'] = { ...command.options, ...commonOptions };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short }]) => [
        name,
        short === undefined ? { type } : { type, short },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const flags = new Set<string>();
  const texts = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = options[name];
    if (option === undefined)
      throw new UsageError(
        `"ashlar ${command.name}" has no option "${rawName}".${suggest(name, Object.keys(options), '--')}`,
      );
    if (option.type === 'boolean') {
      if (value !== undefined) throw new UsageError(`The option "${rawName}" takes no value.`);
      flags.add(name);
    } else {
      // `--port --json` is a forgotten port, not one that is called "--json".
      if (value === undefined || (!token.inlineValue && value.startsWith('--')))
        throw new UsageError(`The option "${rawName}" takes a value: ${rawName} ${option.value ?? 'VALUE'}`);
      if (option.many !== true && texts.has(name))
        throw new UsageError(`The option "${rawName}" is given twice.`);
      texts.set(name, [...(texts.get(name) ?? []), value]);
    }
  }
  if (words.length > command.maxWords && !flags.has('help'))
    throw new UsageError(
      `"ashlar ${command.name}" does not know what to do with "${words[command.maxWords]}".`,
    );
  return {
    words,
    flag: (name) => flags.has(name),
    text: (name) => texts.get(name)?.[0],
    texts: (name) => texts.get(name) ?? [],
  };
};
