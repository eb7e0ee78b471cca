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
    name: 'check',
    summary: 'find what is open, wrong or slow, and the SQL that mends it',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'access',
    summary: 'show who can do what, and where that comes from',
    load: async () => (await import('./access.ts')).access,
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
    name: 'config',
    summary: 'show the settings, and where each comes from',
    load: async () => (await import('./config.ts')).config,
  },
  {
    name: 'start',
    summary: 'serve a project in production, or stand in for PostgREST',
    load: async () => (await import('./start.ts')).start,
  },
];

export const findCommand = (name: string): CommandEntry | undefined =>
  commands.find((command) => command.name === name);
