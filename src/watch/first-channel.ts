// One trigger source out of several, in the owner's order: a channel that cannot be had, or that brought nothing while it
// lived, yields to the next. Must not know what messages mean.

import { toStillwatchError } from '../domain/errors.ts';
import type { TriggerChannel, TriggerSource } from '../ports/trigger-source.ts';

/** @param sources at least one */
export const firstChannel = (sources: readonly [TriggerSource, ...TriggerSource[]]): TriggerSource => {
  const [only, ...others] = sources;
  if (others.length === 0) return only;
  let turn = 0;

  /** The same channel; when it ends without news, the next one is tried first. */
  const watched = (channel: TriggerChannel, at: number): TriggerChannel => {
    let hasNews = false;
    return {
      async next(signal) {
        const heard = await channel.next(signal);
        // Repeated states prove the line, not that changes come.
        hasNews ||= heard.some(({ operation }) => operation !== 'Initialized');
        return heard;
      },
      refresh: (signal) => channel.refresh(signal),
      async [Symbol.asyncDispose]() {
        if (!hasNews && turn === at) turn = (at + 1) % sources.length;
        await channel[Symbol.asyncDispose]();
      },
    };
  };

  return {
    get name() {
      return (sources[turn] ?? only).name;
    },
    async open(signal) {
      let first: unknown;
      for (let tries = 0; tries < sources.length; tries += 1) {
        const at = turn;
        try {
          return watched(await (sources[at] ?? only).open(signal), at);
        } catch (thrown) {
          signal.throwIfAborted();
          const { code } = toStillwatchError(thrown);
          // One login, one try: another channel would send the same password.
          if (code === 'SW_CAM_AUTH' || code === 'SW_CAM_LOCKED') throw thrown;
          first ??= thrown;
          turn = (at + 1) % sources.length;
        }
      }
      throw first;
    },
  };
};
