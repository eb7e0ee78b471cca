/** Settings of Postgres by name. */
export type Settings = { readonly [name: string]: string };

/**
 * What an embedded cluster runs with, for a small machine. Written to `postgresql.conf` at each start;
 * ALTER SYSTEM and the option `settings` win over it.
 */
const defaults: Settings = {
  max_connections: '60',
  shared_buffers: '128MB',
  dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'posix',
  maintenance_work_mem: '64MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  // Statements of an API are short; compiling them costs more than it gains.
  jit: 'off',
  wal_level: 'logical',
  fsync: 'on',
  max_wal_size: '1GB',
  min_wal_size: '80MB',
  password_encryption: 'scram-sha-256',
  unix_socket_permissions: '0700',
  cluster_name: 'ashlar',
  timezone: 'UTC',
  log_timezone: 'UTC',
  datestyle: 'iso, mdy',
  lc_messages: 'C',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  default_text_search_config: 'pg_catalog.english',
  // Errors of statements go to the caller, who logs what matters; here they would fill the disk, and show values.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_line_prefix: '%m [%p] %q%u@%d ',
};

/** The text of `postgresql.conf`. */
export const configurationText = (): string =>
  [
    '# Written by Ashlar at each start. To change a setting use ALTER SYSTEM, which wins over this file.',
    ...Object.entries(defaults).map(([name, value]) => `${name} = '${value}'`),
    '',
  ].join('\n');

/** The text of `pg_hba.conf`: everyone shows a password, and no one comes from another machine. */
export const accessText = [
  '# Written by Ashlar at each start.',
  'local all         all              scram-sha-256',
  'local replication all              scram-sha-256',
  'host  all         all 127.0.0.1/32 scram-sha-256',
  'host  replication all 127.0.0.1/32 scram-sha-256',
  '',
].join('\n');

/** Settings as arguments of `postgres`. */
export const settingArguments = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
