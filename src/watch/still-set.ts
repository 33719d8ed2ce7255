// The pictures of an episode that wait for the calm photo whose name they share. They are durable from the moment they are
// taken; a kill at any point leaves either a set that goes on, or one that is finished at the next start.

import { StillwatchError } from '../domain/errors.ts';
import type { CameraId, EpisodeId } from '../domain/ids.ts';
import { type StillWords, withStillFacts } from '../domain/still-facts.ts';
import { setName } from '../domain/still-path.ts';
import { compareStills, peakChange, setChange } from '../motion/change.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { Spool, SpooledStill, StillDraft } from '../ports/spool.ts';

/** Where pictures wait: a spool of its own that nobody ships from. */
export interface SetShelf {
  readonly spool: Spool;
  /** The bytes of an accepted photo, by the path its spool gave. */
  readonly read: (file: string) => Promise<Uint8Array>;
}

export interface StillSets {
  /** Keeps a before or peak; a later peak of the same episode takes the place of the earlier one. */
  keep(draft: StillDraft, jpeg: Uint8Array): Promise<void>;
  /** Hands the calm photo and all that waits for it on, named together, with what changed. @returns the calm photo's draft */
  complete(calm: StillDraft, jpeg: Uint8Array): Promise<StillDraft>;
  /** Hands on what waits for a calm photo that will not come, under the name of the moment it was wanted. */
  giveUp(episode: EpisodeId, wanted: Pick<StillDraft, 'takenAt' | 'offsetMinutes'>): Promise<void>;
  /** At the start: finishes every set but those of `open`, which go on. */
  recover(open: EpisodeId | undefined): Promise<void>;
}

export interface StillSetsParts {
  readonly camera: CameraId;
  readonly shelf: SetShelf;
  readonly spool: Spool;
  readonly reader: PictureReader;
  /** What people read in the files; asked for at each photo, because who the camera is may become known later. */
  readonly words: () => StillWords;
}

interface Picture {
  readonly draft: StillDraft;
  readonly jpeg: Uint8Array;
}

export const stillSets = ({ camera, shelf, spool, reader, words }: StillSetsParts): StillSets => {
  const waiting = async (): Promise<readonly SpooledStill[]> =>
    (await shelf.spool.pending()).filter(({ facts }) => facts.camera === camera);
  const waitingFor = async (episode: EpisodeId): Promise<readonly SpooledStill[]> =>
    (await waiting()).filter(({ facts }) => facts.episode === episode);

  const load = async (still: SpooledStill): Promise<Picture> => ({
    draft: still.facts,
    jpeg: await shelf.read(still.file),
  });

  const handOn = async ({ draft, jpeg }: Picture): Promise<void> => {
    await spool.accept(draft, withStillFacts(jpeg, draft, words()));
  };

  /** What the calm and the peak show that "before" did not; nothing, rather than no photo, when they cannot be read. */
  const compare = async (
    calm: Picture,
    before: Picture | undefined,
    peak: Picture | undefined,
  ): Promise<readonly [Picture, Picture | undefined]> => {
    if (!before) return [calm, peak];
    try {
      const earlier = await reader.read(before.jpeg);
      const lasting = compareStills(earlier, await reader.read(calm.jpeg));
      const moment = peak && compareStills(earlier, await reader.read(peak.jpeg));
      const changed: Picture = { ...calm, draft: { ...calm.draft, change: setChange(lasting, moment) } };
      return [changed, peak && moment && { ...peak, draft: { ...peak.draft, change: peakChange(moment) } }];
    } catch (thrown) {
      if (thrown instanceof StillwatchError && thrown.code === 'SW_STILL_DAMAGED') return [calm, peak];
      throw thrown;
    }
  };

  /**
   * The order makes it survive a kill: the calm photo is on the shelf first, so that a half finished set is known by it and
   * finished again, by the same ids, with the same names.
   */
  const finish = async (calm: Picture, siblings: readonly SpooledStill[]): Promise<StillDraft> => {
    const name = setName(calm.draft.takenAt, calm.draft.offsetMinutes);
    const loaded = await Promise.all(siblings.map(load));
    const before = loaded.find(({ draft }) => draft.kind === 'before');
    const peak = loaded.findLast(({ draft }) => draft.kind === 'peak');
    const [changed, changedPeak] = await compare(calm, before, peak);
    for (const sibling of [before, changedPeak]) {
      if (sibling) await handOn({ ...sibling, draft: { ...sibling.draft, set: name } });
    }
    await handOn(changed);
    for (const { facts } of siblings) await shelf.spool.release(facts.id);
    return changed.draft;
  };

  const giveUp: StillSets['giveUp'] = async (episode, wanted) => {
    const set = setName(wanted.takenAt, wanted.offsetMinutes);
    for (const still of await waitingFor(episode)) {
      const { draft, jpeg } = await load(still);
      await handOn({ jpeg, draft: { ...draft, set } });
      await shelf.spool.release(still.facts.id);
    }
  };

  return {
    async keep(draft, jpeg) {
      await shelf.spool.accept(draft, withStillFacts(jpeg, draft, words()));
      if (draft.kind !== 'peak' || !draft.episode) return;
      for (const { facts } of await waitingFor(draft.episode)) {
        if (facts.kind === 'peak' && facts.id !== draft.id) await shelf.spool.release(facts.id);
      }
    },
    async complete(calm, jpeg) {
      const siblings = calm.episode ? await waitingFor(calm.episode) : [];
      const picture: Picture = { draft: calm, jpeg };
      if (siblings.length === 0) {
        await handOn(picture);
        return calm;
      }
      await shelf.spool.accept(calm, withStillFacts(jpeg, calm, words()));
      const draft = await finish(
        picture,
        siblings.filter(({ facts }) => facts.id !== calm.id),
      );
      await shelf.spool.release(calm.id);
      return draft;
    },
    giveUp,
    async recover(open) {
      const all = await waiting();
      for (const episode of new Set(all.map(({ facts }) => facts.episode))) {
        const set = all.filter(({ facts }) => facts.episode === episode);
        const calm = set.findLast(({ facts }) => facts.kind !== 'before' && facts.kind !== 'peak');
        const siblings = set.filter((still) => still !== calm);
        if (calm) {
          await finish(await load(calm), siblings);
          await shelf.spool.release(calm.facts.id);
        } else if (episode !== undefined && episode !== open) {
          // No calm photo will come: they keep the time of the last picture there is.
          const last = siblings.at(-1)?.facts;
          if (last) await giveUp(episode, last);
        }
      }
    },
  };
};
