/** What has been started and has to be stopped again, the last first. */
export class Undoing {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Undoes everything, once; what fails keeps nothing of the rest from being undone. */
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch {
        // The others still have to be undone.
      }
    }
  }
}
