import type { Severity } from '../base/index.ts';

/** What is known of a kind of finding before anything is found. */
export type RegisteredFinding = {
  /** The gravest that it comes with; some of its kind are less grave, and the page says which. */
  readonly severity: Severity;
  /** In a few words: the heading of its section. */
  readonly title: string;
  /** Why it matters, for one who has not met it before. One or two sentences. */
  readonly why: string;
};

const entry = (severity: Severity, title: string, why: string): RegisteredFinding => ({
  severity,
  title,
  why,
});

/**
 * Every kind of finding. `docs/reference/findings.md` has a section for each, with SQL that leads to it and SQL that
 * mends it, and a test ties the two.
 */
export const findingRegister = {
  'table-without-row-security': entry(
    'error',
    'A table is open and its row-level security is off',
    'A grant opens all rows of a table; only row-level security keeps them apart. Whoever has the public key of the API can read or change them all.',
  ),
  'policies-switched-off': entry(
    'error',
    'A table has policies, but its row-level security is off',
    'Policies do nothing until row-level security is switched on for the table. It looks protected, and is not.',
  ),
  'view-without-invoker': entry(
    'error',
    'A view passes the policies of its tables',
    'A view reads with the rights of its owner, and the policies of the tables below do not hold for an owner. Whoever may read the view sees every row that it shows.',
  ),
  'auth-users-exposed': entry(
    'error',
    'A view shows the users',
    'auth.users holds the addresses, the hashed passwords and the tokens of everybody who can sign in. A view of it hands them to whoever may read the view.',
  ),
  'materialized-view-open': entry(
    'error',
    'A materialized view is open',
    'A materialized view is a copy, made with the rights of its owner, and can have no policies. Whoever may read it sees all of it.',
  ),
  'foreign-table-open': entry(
    'error',
    'A foreign table is open',
    'A foreign table can have no policies, and it is read with the login that its server was given. Whoever may read it sees all that this login sees.',
  ),

  'personal-data-readable': entry(
    'error',
    'Everybody can read personal data or secrets',
    'The policy lets through every row, and among the columns that are granted are some that tell of people, or open something. One request reads the whole list.',
  ),
  'owned-rows-readable': entry(
    'warning',
    'Everybody can read rows that belong to somebody',
    'The table says whose each row is, but the policy for reading does not ask. That is right for what is published, and wrong for what is private.',
  ),
  'anyone-writes': entry(
    'error',
    'A policy for writing does not ask who writes',
    'The policy is the same for all callers, so each of them can change or delete the rows of all others.',
  ),
  'insert-in-anothers-name': entry(
    'error',
    'Rows can be made in the name of somebody else',
    'The table says whose each row is, and the caller may write that column, but WITH CHECK does not hold it against the caller. What follows trusts a name that anybody can claim.',
  ),
  'row-can-be-given-away': entry(
    'error',
    'A row can be given to somebody else',
    'USING says which rows may be changed, WITH CHECK what may become of them. Here WITH CHECK does not look at the owner, so a caller can put somebody else there: plant rows in their account, or get rid of limits.',
  ),
  'user-metadata-in-policy': entry(
    'error',
    'A policy trusts what users write about themselves',
    'user_metadata is written by the user, by an ordinary request. A policy that looks for a role or a plan there lets everybody appoint themselves; app_metadata is written by your programs alone.',
  ),
  'policy-recursion': entry(
    'error',
    'Policies look at each other in a circle',
    'To decide on a row, the policy reads a table whose own policy has to be decided first, and that one comes back to this. Postgres refuses every request with "infinite recursion detected in policy".',
  ),
  'policy-unread': entry(
    'warning',
    'A policy could not be read',
    'The checks read policies by the parser of Postgres 18. What it does not know yet is not looked at, so look yourself.',
  ),
  'policy-for-public': entry(
    'info',
    'A policy is for everybody',
    'Without TO a policy holds for all roles, those of the future too. One that was meant for people who have signed in then holds for anon as well, and is evaluated for each of its requests.',
  ),
  'no-policy': entry(
    'warning',
    'A table is granted, but no policy lets anyone pass',
    'With row-level security on and no policy, no row is ever seen: requests are answered with an empty list, and writes are refused.',
  ),
  'open-to-anon': entry(
    'info',
    'Requests without a token read the table',
    'This is how something is published. It is listed so that nothing is published by mistake.',
  ),

  'request-role-passes-policies': entry(
    'error',
    'A role of requests passes all policies',
    'Superusers and roles with BYPASSRLS are held by no policy, and so is whoever may become one of them. Requests take this role, so policies mean nothing for them.',
  ),
  'owned-by-request-role': entry(
    'error',
    'A role of requests owns a table',
    'The owner of a table passes its policies unless they are forced, and can switch them off. Requests take this role.',
  ),

  'definer-function-callable': entry(
    'warning',
    'A function that runs with the rights of its owner can be called',
    'SECURITY DEFINER makes a function pass the policies of whoever calls it. Everything that it does is open to its callers, so it has to check by itself who asks.',
  ),
  'definer-without-search-path': entry(
    'warning',
    'A function that runs with the rights of its owner has no fixed search_path',
    'Names in the function are looked up on the path of the caller. Somebody who can make a table or function of the same name, be it a temporary one, has the owner run it.',
  ),
  'function-without-search-path': entry(
    'info',
    'A function has no fixed search_path',
    'Names in the function are looked up on the path of whoever calls it, so that it may find other tables than it was written for.',
  ),
  'sql-from-arguments': entry(
    'error',
    'A function makes SQL of its arguments',
    'What the caller writes becomes part of a statement, so the caller can make it another statement. With SECURITY DEFINER that statement has the rights of the owner.',
  ),

  'truncate-granted': entry(
    'warning',
    'TRUNCATE is granted',
    'TRUNCATE empties a table, and no policy holds it. The API has no verb for it, so nobody needs it there; a function that can be talked into it is enough.',
  ),
  'sequence-writable': entry(
    'warning',
    'Sequences can be set',
    'UPDATE on a sequence lets a role set it back, after which inserts fail with duplicate keys. To insert, USAGE suffices, and an identity column needs nothing.',
  ),
  'schema-open-for-creation': entry(
    'error',
    'Roles of requests may create things in a schema',
    'Whoever can create a function or table in a schema that others look into can put something in the way of theirs, and has it run with the rights of others.',
  ),
  'secret-column-readable': entry(
    'warning',
    'A column of secrets can be read',
    'By its name the column holds a password, a key or a token. Nobody reads those through an API, not even their own: what is never sent cannot leak.',
  ),
  'public-bucket-listing': entry(
    'warning',
    'The files of a public bucket can be listed',
    'In a public bucket each file can be read by whoever knows its name. With a policy that shows all of storage.objects, everybody can ask for the names.',
  ),

  'policy-evaluated-per-row': entry(
    'warning',
    'A policy asks for each row what is the same for all',
    'Who asks is the same for all rows of a request, but a function in a policy is called for each of them. In a subquery of its own, (select auth.uid()), it is called once.',
  ),
  'policy-column-unindexed': entry(
    'warning',
    'A policy looks rows up by a column without an index',
    'The policy is part of every query on the table. Without an index on the column all rows are read to find those of the caller.',
  ),
  'policy-joins': entry(
    'warning',
    'A policy reads another table for each row',
    'A subquery that mentions the row is run for each row. With an index on the columns that it looks up that is quick, without it is a whole table for each row.',
  ),
  'overlapping-policies': entry(
    'warning',
    'Several policies hold for the same',
    'Of permissive policies one is enough to let a row pass, and all of them are evaluated. Two that say the same are one too many; two that differ are easier to understand as one with OR.',
  ),

  'foreign-key-unindexed': entry(
    'warning',
    'A foreign key has no index',
    'Related rows are found by it: whenever one table is embedded in another, and whenever a row that is referred to is deleted. Without an index each time reads the whole table.',
  ),
  'no-primary-key': entry(
    'warning',
    'A table has no primary key',
    'Without one a single row cannot be named: it has no address of its own, cannot be changed by PUT, and its changes cannot be followed.',
  ),
  'duplicate-index': entry(
    'warning',
    'Two indexes are the same',
    'Each write keeps both of them, and no query is faster for the second.',
  ),
  'unused-index': entry(
    'info',
    'An index has never been used',
    'Each write keeps it. It is only told for a table that has been read often since the statistics were begun.',
  ),
  'foreign-key-to-auth': entry(
    'warning',
    'A foreign key refers to something else than the key of a table of auth',
    'The tables of auth belong to the server, and change with it; of their columns the primary key alone is sure to stay.',
  ),
  'column-of-reg-type': entry(
    'warning',
    'A column has a type that cannot be moved to the next Postgres',
    'Types such as regproc hold numbers that differ from server to server. pg_upgrade refuses a database that stores them.',
  ),
  'extension-in-public': entry(
    'warning',
    'An extension is in a schema that is served',
    'Its functions are then part of the API, as /rpc/… for everybody.',
  ),
  'extension-outdated': entry(
    'info',
    'An extension is older than the server has it',
    'The server comes with a newer version, with what was mended since. An extension is not updated by itself.',
  ),
} as const satisfies Record<string, RegisteredFinding>;

/** The id of a kind of finding. */
export type FindingId = keyof typeof findingRegister;
