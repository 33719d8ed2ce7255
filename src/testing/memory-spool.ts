// The spool in memory. It outlives nothing but the object; its `files` are what a memory store reads.

import { createHash } from 'node:crypto';
import type { StillId } from '../domain/ids.ts';
import type { StillFacts } from '../domain/still.ts';
import { epochMs, ms } from '../domain/units.ts';
import type { SpooledStill, StillDraft, WaitingSpool } from '../ports/spool.ts';

export interface MemorySpool extends WaitingSpool {
  /** Absolute "path" → bytes of what is pending. */
  readonly files: Map<string, Uint8Array>;
  readonly aside: Set<StillId>;
  readonly read: (file: string) => Promise<Uint8Array>;
}

export const memorySpool = (): MemorySpool => {
  const stills = new Map<StillId, SpooledStill>();
  const files = new Map<string, Uint8Array>();
  const aside = new Set<StillId>();
  const release = (id: StillId): void => {
    files.delete(stills.get(id)?.file ?? '');
    stills.delete(id);
  };
  const put = (draft: StillDraft, jpeg: Uint8Array): StillFacts => {
    const facts = {
      ...draft,
      takenAt: epochMs(Math.round(draft.takenAt)),
      delay: draft.delay === undefined ? undefined : ms(Math.round(draft.delay)),
      bytes: jpeg.length,
      sha256: createHash('sha256').update(jpeg).digest('hex'),
    };
    const file = `/memory-spool/${draft.id}.jpg`;
    files.set(file, jpeg.slice());
    stills.set(draft.id, { facts, file });
    return facts;
  };
  return {
    files,
    aside,
    async read(file) {
      const bytes = files.get(file);
      if (!bytes) throw Object.assign(new Error(`no such file: ${file}`), { code: 'ENOENT' });
      return bytes;
    },
    accept: async (draft, jpeg) => stills.get(draft.id)?.facts ?? put(draft, jpeg),
    replace: async (draft, jpeg) => put(draft, jpeg),
    pending: async () =>
      [...stills.values()].sort((a, b) => a.facts.takenAt - b.facts.takenAt || (a.facts.id < b.facts.id ? -1 : 1)),
    release: async (id) => release(id),
    async setAside(id) {
      if (stills.has(id)) aside.add(id);
      release(id);
    },
  };
};
