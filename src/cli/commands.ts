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
    name: 'new',
    summary: 'make a project: a folder with a first migration',
    load: async () => (await import('./new.ts')).newProject,
  },
  {
    name: 'dev',
    summary: 'serve a project, and follow its files as they are saved',
    load: async () => (await import('./dev.ts')).dev,
  },
  {
    name: 'migrate',
    summary: 'apply migrations, or see what that would do',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'explain',
    summary: 'show what becomes of a request: its tree, plan and SQL',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'token',
    summary: "make a token for the project's API",
    load: async () => (await import('./token.ts')).token,
  },
  {
    name: 'start',
    summary: 'serve a database of your own as PostgREST does',
    load: async () => (await import('./start.ts')).start,
  },
];

export const findCommand = (name: string): CommandEntry | undefined =>
  commands.find((command) => command.name === name);
