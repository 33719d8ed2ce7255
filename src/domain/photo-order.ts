// A photo that somebody asks for now, and what becomes of it.

import type { ErrorFacts, StillwatchErrorCode } from './errors.ts';
import type { StillId } from './ids.ts';
import type { TriggerId } from './ledger.ts';

export type PhotoOutcome =
  | { readonly type: 'taken'; readonly trigger: TriggerId; readonly still: StillId }
  | {
      readonly type: 'missed';
      readonly trigger: TriggerId;
      readonly code: StillwatchErrorCode;
      readonly facts: ErrorFacts;
    };
