import { AssertionError } from 'node:assert';

/** A test's expectation that does not hold, as runners of tests know it. */
export const failTest = (message: string): never => {
  throw new AssertionError({ message, stackStartFn: failTest });
};
