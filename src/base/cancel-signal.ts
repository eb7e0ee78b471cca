/** What of an AbortSignal is asked: whether, and when, what is under way is not wanted any more. */
export type CancelSignal = {
  readonly aborted: boolean;
  /** Why; what fails for it fails with this. */
  readonly reason: unknown;
  readonly addEventListener: (
    type: 'abort',
    listener: () => void,
    options?: { readonly once?: boolean },
  ) => void;
  readonly removeEventListener: (type: 'abort', listener: () => void) => void;
};

/**
 * A signal and what gives it, in one. Every request has one and next to none gives it, so it is made of as little as
 * there can be: an AbortController with a listener costs as much as reading the request's headers.
 *
 * Source: DOM Standard, "Aborting ongoing activities"
 */
export class Cancel implements CancelSignal {
  aborted = false;
  reason: unknown;
  #listeners: (() => void)[] | undefined;

  /** Each listener is called once, as there is one event. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.aborted) return;
    if (this.#listeners === undefined) this.#listeners = [listener];
    else this.#listeners.push(listener);
  }

  /** Also while the others are being called. */
  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners?.indexOf(listener) ?? -1;
    if (at >= 0) this.#listeners?.splice(at, 1);
  }

  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    for (let next = listeners?.shift(); next !== undefined; next = listeners?.shift()) next();
  }
}
