import pg from 'pg';
import type { ConnectOptions } from './connect-options.ts';

/** pg's connection without a client; its types know only a part of it. */
type Wire = {
  on(event: string, listener: (error?: Error) => void): void;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  readonly stream: { destroy(): void };
};

const Connection = (pg as unknown as { Connection: new (config: object) => Wire }).Connection;

/**
 * Asks the server to cancel what a backend is running (CancelRequest, over a connection of its own and
 * as encrypted as the other). Resolves when the server has closed that connection: by then it has sent
 * the signal. Whether anything was running is not told. Resolves, too, when the server cannot be reached
 * or takes longer than `timeoutMs`.
 */
export const requestCancel = (
  options: ConnectOptions,
  processId: number,
  secretKey: number,
  timeoutMs: number,
): Promise<void> =>
  new Promise((resolve) => {
    const wire = new Connection({ ssl: options.ssl ?? false });
    const timer = setTimeout(() => wire.stream.destroy(), timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    wire.on('error', finish);
    wire.on('end', finish);
    wire.on('connect', () => {
      if (options.ssl) wire.requestSsl();
      else wire.cancel(processId, secretKey);
    });
    wire.on('sslconnect', () => wire.cancel(processId, secretKey));
    if (options.host.startsWith('/')) wire.connect(`${options.host}/.s.PGSQL.${options.port}`);
    else wire.connect(options.port, options.host);
  });
