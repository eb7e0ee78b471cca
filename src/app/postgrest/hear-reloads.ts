/** A burst of notifications is one. */
const settleMs = 50;

/**
 * Makes what hears the notifications of `db-channel`: `reload schema`, `reload config`, or nothing for both
 * (PostgREST, "Listener").
 */
export const hearReloads = (
  reload: () => Promise<void>,
  announce: (message: string) => void,
): { readonly hear: (payload: string) => void; readonly close: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  return {
    hear: (payload) => {
      if (payload !== '' && payload !== 'reload schema' && payload !== 'reload config') return;
      announce(`Notified: ${payload === '' ? 'reload' : payload}.`);
      clearTimeout(timer);
      timer = setTimeout(() => void reload(), settleMs);
    },
    close: () => clearTimeout(timer),
  };
};
