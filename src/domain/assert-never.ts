/** Closes a switch over a closed union: reaching it does not compile, and if it is reached, it says with what. */
export const assertNever = (value: never): never => {
  throw new TypeError(`not a case: ${JSON.stringify(value)}`);
};
