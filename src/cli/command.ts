import type { Terminal } from './terminal.ts';

/** An option of a command: a switch, or one that takes a value. */
export type Option = {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** What stands for the value in the help: `PORT`. */
  readonly value?: string;
  readonly meaning: string;
  /** Whether it may be given several times. */
  readonly many?: boolean;
  /** Understood, but not told in the help, as it says what holds anyway. */
  readonly hidden?: boolean;
};

/** A command as a person uses it. The help is made of it. */
export type Command = {
  readonly name: string;
  /** What follows the name: `[FOLDER]`. */
  readonly words: string;
  /** What it does, in a paragraph or a few. */
  readonly description: string;
  readonly options: { readonly [name: string]: Option };
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** How many words may follow, at most. */
  readonly maxWords: number;
  /** Gives the exit code. */
  readonly run: (given: Given, terminal: Terminal) => Promise<number>;
};

/** What the words after a command say. */
export type Given = {
  readonly words: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  /** All values of an option that may be given several times. */
  readonly texts: (name: string) => readonly string[];
};

/** The words cannot be understood. Exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What was asked could not be done, for the reason that the message tells. Exit code 1. */
export class CommandFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandFailure';
  }
}

/** Reads a whole number that an option gives. */
export const readNumber = (
  name: string,
  text: string | undefined,
  from: number,
  to: number,
): number | undefined => {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new UsageError(`--${name} takes a number from ${from} to ${to}, not "${text}".`);
};
