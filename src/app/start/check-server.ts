import type { Finding } from '../../base/index.ts';
import type { StartContext } from './start-check.ts';

/** The versions of Postgres that are tested. */
const oldest = 15;
const newest = 18;

/** Refuses a Postgres that is too old, and warns where it has too few connections for all workers. */
export const checkServer = async ({
  serving,
  values,
}: Pick<StartContext, 'serving' | 'values'>): Promise<readonly Finding[]> => {
  const [row] = await serving.query(
    `select current_setting('server_version_num')::int / 10000 as major, current_setting('server_version') as version,
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as free`,
  );
  const major = Number(row?.major);
  const findings: Finding[] = [];
  if (major < oldest)
    findings.push({
      id: 'old-postgres',
      severity: 'error',
      subject: 'dbUrl',
      message: `The database is Postgres ${row?.version}. Ashlar needs ${oldest} or newer.`,
      remedy: 'Upgrade it with pg_upgrade, or serve another database.',
    });
  if (major > newest)
    findings.push({
      id: 'new-postgres',
      severity: 'warning',
      subject: 'dbUrl',
      message: `The database is Postgres ${row?.version}. This Ashlar was tested with ${oldest} to ${newest}.`,
    });
  // Each worker has one more to listen for changes.
  const wanted = values.workers * (values.poolSize + 1);
  const free = Number(row?.free);
  if (wanted > free)
    findings.push({
      id: 'few-connections',
      severity: 'warning',
      subject: 'poolSize',
      message: `${values.workers} workers may want ${wanted} connections, and the database gives ${free}. Requests may have to wait.`,
      remedy: 'Set a smaller poolSize, or a greater max_connections in Postgres.',
    });
  return findings;
};
