// Work that is dear: one after the other, and a queue that ends somewhere.

export interface OneAtATime {
  /** @returns undefined when too many are waiting already */
  run<T>(work: () => Promise<T>): Promise<T> | undefined;
}

export const oneAtATime = (mostWaiting: number): OneAtATime => {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    run(work) {
      if (waiting > mostWaiting) return undefined;
      waiting += 1;
      const done = last.then(work);
      last = done
        .catch(() => undefined)
        .finally(() => {
          waiting -= 1;
        });
      return done;
    },
  };
};
