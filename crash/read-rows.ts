import { type ConnectOptions, openSession } from '../src/db/index.ts';
import type { Entry } from './ledger.ts';

/** Reads the ledger beside the API. */
export const readRows = async (owner: ConnectOptions): Promise<readonly Entry[]> => {
  const session = await openSession(owner);
  try {
    const rows = await session.query('select writer, seq from ledger');
    return rows.map(({ writer, seq }) => ({ writer: Number(writer), seq: Number(seq) }));
  } finally {
    await session.close();
  }
};
