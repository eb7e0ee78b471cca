import { optionOf, settingNames, settingOf, type Taker } from '../app/settings/index.ts';
import type { Command, Given, Option } from './command.ts';

type Name = (typeof settingNames)[number];

const takenBy = (command: Taker): readonly Name[] =>
  settingNames.filter((name) => settingOf(name).takers.includes(command));

/** The options that a setting is for a command: one with a value, or a pair of switches. */
const optionsOf = (name: Name, command: Taker): Command['options'] => {
  const { kind, meaning, short, fallback, fallbackOf, absent } = settingOf(name);
  const option = optionOf(name);
  const value = fallbackOf?.[command] ?? fallback;
  if (kind.word === undefined)
    return {
      [option]: { type: 'boolean', meaning, hidden: value === true },
      [`no-${option}`]: { type: 'boolean', meaning: `do not ${meaning}`, hidden: value !== true },
    };
  const otherwise = value === undefined ? absent : kind.print(value);
  const base: Option = { type: 'string', value: kind.word, meaning: `${meaning} (default: ${otherwise})` };
  return { [option]: short === undefined ? base : { ...base, short } };
};

/** The options that a command has for settings, in the order of their table. */
export const settingOptions = (command: Taker): Command['options'] =>
  Object.assign({}, ...takenBy(command).map((name) => optionsOf(name, command)));

/** What the options of a command say of settings. */
export const givenSettings = (given: Given, command: Taker): ReadonlyMap<string, string | boolean> => {
  const found = new Map<string, string | boolean>();
  for (const option of takenBy(command).map(optionOf)) {
    const text = given.text(option);
    if (text !== undefined) found.set(option, text);
    if (given.flag(option)) found.set(option, true);
    if (given.flag(`no-${option}`)) found.set(option, false);
  }
  return found;
};
