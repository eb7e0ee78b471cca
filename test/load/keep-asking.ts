import { Agent, request } from 'node:http';

/** What became of the requests of some clients that ask without a pause. */
export type Asked = {
  readonly answered: () => number;
  /** What went wrong, but for connections that were refused: there nothing was asked. */
  readonly dropped: readonly string[];
  /** Each client ends with the answer that it waits for. */
  readonly stop: () => Promise<void>;
};

type Outcome = 'answered' | 'refused' | { readonly dropped: string };

const askOnce = (url: string, agent: Agent, expected: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const drop = (reason: string): void => resolve({ dropped: reason });
    const sent = request(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        body += text;
      });
      response.on('error', (error) => drop(`in the answer: ${error.message}`));
      response.on('end', () => {
        if (!response.complete) drop('an answer that was cut off');
        else if (response.statusCode !== 200) drop(`status ${response.statusCode}: ${body}`);
        else if (body !== expected) drop(`another answer: ${body}`);
        else resolve('answered');
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? resolve('refused') : drop(`${error.code}: ${error.message}`),
    );
    sent.end();
  });

/**
 * Has clients ask for one thing without a pause, each on a connection of its own that it keeps (or on a new one each
 * time), until they are stopped or refused.
 */
export const keepAsking = (url: string, expected: string, { clients = 16, keepAlive = true } = {}): Asked => {
  let going = true;
  let answered = 0;
  const dropped: string[] = [];
  const run = async (): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (going) {
      const outcome = await askOnce(url, agent, expected);
      if (outcome === 'answered') answered++;
      else if (outcome === 'refused') break;
      else dropped.push(outcome.dropped);
    }
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: clients }, run));
  return {
    answered: () => answered,
    dropped,
    stop: async () => {
      going = false;
      await all;
    },
  };
};
