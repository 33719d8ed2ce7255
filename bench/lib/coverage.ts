// Which blocks of our own source ran since it was asked before, as V8 counts them in this thread.

import { Session } from 'node:inspector';

type Coverage = {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
    }[];
  }[];
};

export interface BlockCoverage {
  /** Blocks that ran since the last call. */
  take(): ReadonlySet<string>;
  /** Code runs optimised again. */
  stop(): void;
}

export const blockCoverage = (): BlockCoverage => {
  const session = new Session();
  session.connect();
  // In the same thread a command is answered before `post` returns.
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    take() {
      const ran = new Set<string>();
      session.post('Profiler.takePreciseCoverage', (error, coverage) => {
        if (error) throw error;
        for (const { url, functions } of (coverage as Coverage).result) {
          const place = url.indexOf('/src/');
          if (place < 0 || url.includes('/node_modules/')) continue;
          for (const { ranges } of functions)
            for (const { startOffset, endOffset, count } of ranges)
              if (count > 0) ran.add(`${url.slice(place)}:${startOffset}-${endOffset}`);
        }
      });
      return ran;
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
};
