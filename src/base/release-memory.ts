/**
 * Frees memory that no one uses any more. The collector counts what lies outside of its heap only roughly, so that
 * a stream of large buffers would make the process grow by many times what is in use. All views of the memory are
 * empty afterwards.
 */
export const releaseMemory = (memory: ArrayBufferLike): void => {
  if (memory instanceof ArrayBuffer && !memory.detached) memory.transfer(0);
};
