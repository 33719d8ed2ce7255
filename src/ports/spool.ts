import type { StillId } from '../domain/ids.ts';
import type { StillFacts } from '../domain/still.ts';

/** What is known of a still before its bytes are measured and hashed. */
export type StillDraft = Omit<StillFacts, 'bytes' | 'sha256'>;

export interface SpooledStill {
  readonly facts: StillFacts;
  /** Absolute path of the photo's file in the spool; read-only for everybody else. */
  readonly file: string;
}

/** The durable queue between taking and storing: the promise. Steps are numbered in docs/design/still-lifecycle.md. */
export interface Spool {
  /**
   * Resolves when the photo and its facts would survive a power cut. Accepting the same id again is harmless.
   * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE — then nothing of it is left behind
   */
  accept(draft: StillDraft, jpeg: Uint8Array): Promise<StillFacts>;
  /** What is accepted and not released, oldest first. */
  pending(): Promise<readonly SpooledStill[]>;
  /** Forgets a still that has reached store and catalogue. Releasing twice is harmless. */
  release(id: StillId): Promise<void>;
  /**
   * Takes a still whose bytes are no longer what was accepted out of the queue; its file is kept for a person to look at.
   * Twice is harmless.
   */
  setAside(id: StillId): Promise<void>;
}

/** Where pictures wait for the rest of their happening: nobody was shown them, so what is known of them may still change. */
export interface WaitingSpool extends Spool {
  /**
   * As `accept`, in the place of what waits under this id; at any moment, also after a power cut, the old or the new is there whole.
   * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE — then the old one may be there, or the new
   */
  replace(draft: StillDraft, jpeg: Uint8Array): Promise<StillFacts>;
}
