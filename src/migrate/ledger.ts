import type { Session } from '../db/index.ts';

/** What a file was to the database: our own preparation of it, a migration, or its first rows. */
export type LedgerKind = 'bootstrap' | 'migration' | 'seed';

/** A file that has been applied, as the database remembers it (`ashlar.migrations`). */
export type LedgerEntry = {
  readonly kind: LedgerKind;
  readonly name: string;
  readonly checksum: string;
  /** ISO 8601, UTC. */
  readonly appliedAt: string;
  readonly durationMs: number;
  /** It was recorded, not run: a migration by `--baseline`, a seed by `ashlar start`. */
  readonly baseline: boolean;
};

const createLedger = `
create schema if not exists ashlar;
create table if not exists ashlar.migrations (
  ordinal bigint generated always as identity,
  kind text not null check (kind in ('bootstrap', 'migration', 'seed')),
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  duration_ms integer not null check (duration_ms >= 0),
  baseline boolean not null default false,
  primary key (kind, name)
);
comment on table ashlar.migrations is 'The files that have been applied to this database, and when.';
comment on column ashlar.migrations.ordinal is 'The order in which they were applied.';
comment on column ashlar.migrations.kind is 'bootstrap: a file of Ashlar itself; migration and seed: files of the project.';
comment on column ashlar.migrations.name is 'The name of the file.';
comment on column ashlar.migrations.checksum is 'SHA-256 of its text, in hex; line ends do not count.';
comment on column ashlar.migrations.applied_at is 'When it had been applied.';
comment on column ashlar.migrations.duration_ms is 'How long that took, in milliseconds.';
comment on column ashlar.migrations.baseline is 'Recorded as applied, but not run: the database was so already.';
`;

/** Whether the database has a ledger; one that was never migrated has none. */
const hasLedger = async (session: Session): Promise<boolean> => {
  const [row] = await session.query("select to_regclass('ashlar.migrations') is not null as found");
  return row?.found === 't';
};

/** Makes the ledger where there is none. */
export const openLedger = async (session: Session): Promise<void> => {
  if (!(await hasLedger(session))) await session.query(createLedger);
};

/** What has been applied, in the order in which it was. Changes nothing. */
export const readLedger = async (session: Session, kind: LedgerKind): Promise<readonly LedgerEntry[]> => {
  if (!(await hasLedger(session))) return [];
  const rows = await session.query(
    `select name, checksum, duration_ms, baseline,
            to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as applied_at
     from ashlar.migrations where kind = $1 order by ordinal`,
    [kind],
  );
  return rows.map((row) => ({
    kind,
    name: row.name as string,
    checksum: row.checksum as string,
    appliedAt: row.applied_at as string,
    durationMs: Number(row.duration_ms),
    baseline: row.baseline === 't',
  }));
};

/** Records a file; one that is recorded already is so anew. */
export const recordEntry = async (session: Session, entry: Omit<LedgerEntry, 'appliedAt'>): Promise<void> => {
  await session.query(
    `insert into ashlar.migrations (kind, name, checksum, duration_ms, baseline) values ($1, $2, $3, $4, $5)
     on conflict (kind, name) do update
     set checksum = excluded.checksum, duration_ms = excluded.duration_ms, baseline = excluded.baseline,
         applied_at = clock_timestamp()`,
    [entry.kind, entry.name, entry.checksum, String(Math.round(entry.durationMs)), String(entry.baseline)],
  );
};

/** Follows a file that was given another name. */
export const renameEntry = async (session: Session, from: string, to: string): Promise<void> => {
  await session.query("update ashlar.migrations set name = $2 where kind = 'migration' and name = $1", [
    from,
    to,
  ]);
};
