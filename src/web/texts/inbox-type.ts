// Texts of cameras that send by themselves: their tiles, their list, and what to type into them.

import type { ReportSource } from '../../domain/camera-report.ts';
import type { ContactState } from '../../domain/contact.ts';
import type { MoonPhase } from '../../domain/delivery.ts';
import type { SetupChoice, SetupDoor, SetupTerm } from '../../domain/inbox-setup.ts';

/** Facts of a camera's own, in the order they are shown. */
export type PushedFact =
  | 'lastContact'
  | 'lastPicture'
  | 'nextExpected'
  | 'battery'
  | 'voltage'
  | 'signal'
  | 'temperature'
  | 'moon'
  | 'model'
  | 'pictures'
  | 'month'
  | 'way';

export interface InboxTexts {
  readonly heading: (cameras: number) => string;
  readonly title: string;
  readonly none: string;
  readonly states: Readonly<Record<ContactState, string>>;
  /** What the state means, in one sentence. */
  readonly notes: Readonly<Record<ContactState, string>>;
  readonly facts: Readonly<Record<PushedFact, string>>;
  readonly ways: Readonly<Record<'ftp' | 'mail' | 'http' | 'fetch' | 'imap', string>>;
  readonly moons: Readonly<Record<MoonPhase, string>>;
  readonly sources: Readonly<Record<ReportSource, string>>;
  readonly said: (source: string, moment: string) => string;
  readonly never: string;
  readonly about: (moment: string) => string;
  readonly budget: (used: string, budget: string, share: number) => string;
  readonly nearBudget: string;
  readonly overBudget: string;
  readonly refused: (moment: string) => string;
  readonly latest: (time: string) => string;
  readonly films: {
    /** Beside a happening. */
    readonly behind: (films: number) => string;
    readonly kept: string;
    readonly of: (moment: string) => string;
    readonly download: string;
    readonly notPlayable: string;
  };
  readonly add: {
    readonly title: string;
    readonly note: string;
    readonly name: string;
    readonly id: string;
    readonly idNote: string;
    readonly door: string;
    readonly doors: Readonly<Record<'ftp' | 'mail' | 'http', string>>;
    readonly submit: string;
    readonly user: string;
    readonly key: string;
    readonly made: (id: string) => string;
    readonly afterRestart: string;
    readonly next: string;
  };
  readonly setUp: {
    readonly title: string;
    readonly intro: string;
    readonly link: string;
    readonly back: string;
    readonly waiting: string;
    readonly waitingNote: string;
    readonly arrived: (moment: string) => string;
    readonly copy: string;
    readonly copied: string;
    readonly noDoor: string;
    readonly doors: Readonly<Record<SetupDoor, string>>;
    readonly terms: Readonly<Record<SetupTerm, string>>;
    readonly choices: Readonly<Record<SetupChoice, string>>;
  };
  readonly sentence: (cameras: number) => string;
  readonly quietSome: (cameras: number) => string;
}
