/** How often it is looked. */
const EVERY_MS = 100;
/** How much of what was before is kept: a single long turn is no lag, one after the other is. */
const KEPT = 0.7;

/** How late the event loop comes to what is due. */
export type LoopLag = {
  /** Lately, in ms. */
  readonly ms: number;
  readonly stop: () => void;
};

/** Watches the event loop; it costs a timer. */
export const watchLoopLag = (): LoopLag => {
  let smoothed = 0;
  let due = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    smoothed = KEPT * smoothed + (1 - KEPT) * Math.max(0, now - due);
    due = now + EVERY_MS;
  }, EVERY_MS);
  timer.unref();
  return {
    get ms() {
      return smoothed;
    },
    stop: () => clearInterval(timer),
  };
};
