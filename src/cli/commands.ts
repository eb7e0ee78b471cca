import type { Command } from './command.ts';

/** A command before it is loaded: what the list of commands says of it. */
export type CommandEntry = {
  readonly name: string;
  readonly summary: string;
  /** Loads the rest, as one command needs not wait for what others import. */
  readonly load: () => Promise<Command>;
};

/** All commands, in the order in which a person meets them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'serve a database of your own as PostgREST does',
    load: async () => (await import('./start.ts')).start,
  },
];

export const findCommand = (name: string): CommandEntry | undefined =>
  commands.find((command) => command.name === name);
