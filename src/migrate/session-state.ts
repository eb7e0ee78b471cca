import type { Session } from '../db/index.ts';

/**
 * Gives the session back the state that a file may expect, whatever the one before it has set: as
 * `DISCARD ALL`, which cannot be used because it would let go of our lock, too. Settings of the login
 * (`ALTER ROLE … SET`) hold.
 */
const resetStatements = `
close all;
set session authorization default;
reset role;
reset all;
deallocate all;
unlisten *;
discard plans;
discard sequences;
discard temp;
select set_config('search_path', case
  when current_user in ('ashlar', 'auth', 'storage', 'extensions') then 'public, extensions'
  else '"$user", public, extensions' end, false);
`;

export const resetSession = async (session: Session): Promise<void> => {
  await session.query(resetStatements);
};

/** Back to the login's own rights, as far as a file inside of a transaction may have left them. */
export const resetRole = async (session: Session): Promise<void> => {
  await session.query('set session authorization default; reset role');
};
