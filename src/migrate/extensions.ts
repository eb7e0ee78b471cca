import type { PgError, Session } from '../db/index.ts';
import type { FileStatement } from './split-statements.ts';

/**
 * Extensions of Supabase's platform that its dumps and its projects name, and that give no type a table
 * could need: without them the schema loads, and what calls them fails when it is called. Each with the
 * schema that its functions are in.
 */
const platformExtensions: { readonly [name: string]: string } = {
  http: 'extensions',
  hypopg: 'extensions',
  index_advisor: 'extensions',
  pg_cron: 'cron',
  pg_graphql: 'graphql',
  pg_jsonschema: 'extensions',
  pg_net: 'net',
  pg_stat_monitor: 'extensions',
  pg_stat_statements: 'extensions',
  pg_tle: 'pgtle',
  pgaudit: 'extensions',
  pgjwt: 'extensions',
  pgsodium: 'pgsodium',
  plpgsql_check: 'extensions',
  supabase_vault: 'vault',
  wrappers: 'extensions',
};

/** The extensions of one server, asked for once, and those that had to be left out. */
export class Extensions {
  readonly #session: Session;
  #available: readonly string[] | undefined;
  readonly #left = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
  }

  async #list(): Promise<readonly string[]> {
    if (this.#available) return this.#available;
    const rows = await this.#session.query('select name from pg_available_extensions order by name');
    this.#available = rows.map(({ name }) => name as string);
    return this.#available;
  }

  /**
   * Why a statement about an extension is to be left out: it is one of the platform's that this server
   * has not got, or its functions are there without it. Undefined: run it.
   */
  async explainSkip(statement: FileStatement): Promise<string | undefined> {
    const name = readExtension(statement);
    if (name === undefined || (await this.#list()).includes(name)) return undefined;
    if (name === 'uuid-ossp') {
      const [row] = await this.#session.query(
        "select to_regprocedure('extensions.uuid_generate_v4()') is not null as found",
      );
      return row?.found === 't'
        ? 'This server has no extension "uuid-ossp"; of its functions, uuid_generate_v4() is there without it.'
        : undefined;
    }
    const schema = platformExtensions[name];
    if (schema === undefined) return undefined;
    this.#left.add(name);
    return `This server has no extension "${name}", so it is left out. What calls it will fail when it is called.`;
  }

  /** What to do about a failure that comes from an extension that is not there. */
  async advise(statement: FileStatement, error: PgError): Promise<readonly string[]> {
    const name = readExtension(statement);
    if (name !== undefined && !(await this.#list()).includes(name)) {
      return [
        `Available on this server: ${(await this.#list()).join(', ')}.`,
        'Do without it, or use a database of your own that has it.',
      ];
    }
    return [...this.#left]
      .filter((left) => mentions(error.message, left, platformExtensions[left] as string))
      .map((left) => `The extension "${left}" was left out, as this server has not got it.`);
  }
}

const mentions = (message: string, name: string, schema: string): boolean =>
  message.includes(name) || (schema !== 'extensions' && message.includes(schema));

/** The extension that a statement creates, changes or comments on. */
const readExtension = ({ head }: FileStatement): string | undefined => {
  const about =
    head[0] === 'CREATE' || head[0] === 'ALTER'
      ? head.slice(1)
      : head[0] === 'COMMENT' && head[1] === 'ON'
        ? head.slice(2)
        : [];
  if (about[0] !== 'EXTENSION') return undefined;
  const name = about[1] === 'IF' ? about[4] : about[1];
  if (name === undefined) return undefined;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
};
