// Texts of the cameras' screens: one camera, tuning, masks and zones, setting up.

import type { TuneHours } from '../wire-cameras.ts';

export interface TuneTexts {
  readonly title: string;
  readonly spans: Readonly<Record<TuneHours, string>>;
  readonly span: string;
  readonly graph: string;
  readonly graphNote: string;
  readonly needed: string;
  readonly neededAt: (times: string) => string;
  readonly unseen: string;
  readonly threshold: string;
  readonly thresholdNote: string;
  readonly sensitivity: string;
  readonly sensitivities: Readonly<Record<'low' | 'normal' | 'high', string>>;
  readonly calmPeriod: string;
  readonly seconds: string;
  readonly photos: (now: number, tried: number) => string;
  readonly same: (photos: number) => string;
  readonly lost: (photos: number) => string;
  readonly gained: (photos: number) => string;
  readonly noneLost: string;
  readonly noneGained: string;
  readonly andMore: (photos: number) => string;
  readonly noPhoto: (photos: number) => string;
  readonly wouldBe: (at: string) => string;
  readonly estimate: string;
  readonly unknown: (percent: string) => string;
  readonly noReadings: string;
  readonly working: string;
  readonly apply: string;
  readonly applied: string;
  readonly takeBack: string;
  readonly takenBack: string;
  readonly reset: string;
  readonly editMasks: string;
  readonly toGraph: string;
  readonly mayNot: string;
  readonly fixed: string;
  readonly conflict: string;
  readonly conflictNow: string;
  readonly conflictMine: string;
  readonly takeTheirs: string;
  readonly keepMine: string;
}

export interface MaskTexts {
  readonly title: string;
  readonly intro: string;
  readonly picture: string;
  readonly noPicture: string;
  readonly addMask: string;
  readonly addZone: string;
  readonly newMask: string;
  readonly newZone: string;
  readonly list: string;
  readonly none: string;
  readonly kinds: Readonly<Record<'mask' | 'zone', string>>;
  readonly name: string;
  readonly isOn: string;
  readonly remove: string;
  readonly draw: string;
  readonly corner: (number: number, all: number, x: string, y: string) => string;
  readonly addCorner: string;
  readonly removeCorner: string;
  readonly keys: string;
  readonly undo: string;
  readonly smallest: string;
}

export interface OneCameraTexts {
  readonly terms: Readonly<
    Record<
      | 'watchedBy'
      | 'delay'
      | 'events'
      | 'keys'
      | 'agreement'
      | 'agreementLong'
      | 'looking'
      | 'missed'
      | 'clock'
      | 'calmPeriod'
      | 'model'
      | 'firmware'
      | 'serial'
      | 'address'
      | 'mac',
      string
    >
  >;
  readonly witnesses: Readonly<Record<'pixels' | 'events' | 'both' | 'unheard', string>>;
  readonly seconds: (seconds: string) => string;
  readonly keys: (seconds: string) => string;
  readonly percent: (number: string) => string;
  readonly heardSince: (time: string) => string;
  readonly unheardSince: (time: string) => string;
  readonly agreement: (share: string, agreed: number, onlyPixels: number, onlyCamera: number) => string;
  readonly careful: string;
  readonly economy: string;
  readonly missed: (rate: string, low: string, high: string, looked: number) => string;
  readonly clockOff: (seconds: string) => string;
  readonly clockRight: string;
  readonly live: string;
  readonly notLive: (time: string) => string;
  readonly noPicture: string;
  readonly alt: (name: string) => string;
  readonly fix: string;
  readonly add: string;
  readonly none: string;
  readonly how: string;
  readonly who: string;
  readonly recent: string;
}

export interface ReportTexts {
  readonly intro: string;
  readonly make: string;
  readonly again: string;
  readonly asking: (what: string) => string;
  readonly none: string;
  readonly madeAt: (time: string) => string;
  readonly print: string;
  readonly advice: string;
}

export interface SettingsTexts {
  readonly fields: Readonly<
    Record<
      | 'name'
      | 'address'
      | 'user'
      | 'password'
      | 'main'
      | 'sub'
      | 'snapshot'
      | 'calmPeriod'
      | 'longestEpisode'
      | 'triggers'
      | 'mode'
      | 'enabled'
      | 'costlyLink'
      | 'streamLimit',
      string
    >
  >;
  readonly notes: Readonly<Partial<Record<string, string>>>;
  readonly triggers: Readonly<Record<'pixels' | 'events' | 'both', string>>;
  readonly modes: Readonly<Record<'auto' | 'economy' | 'careful', string>>;
  readonly passwordKept: string;
  readonly save: string;
  readonly saved: string;
  readonly broken: string;
  readonly remove: string;
  readonly removeSure: (name: string) => string;
  readonly removeNote: string;
  readonly cancel: string;
}

export interface SetupTexts {
  readonly title: string;
  readonly intro: string;
  readonly key: string;
  readonly keyNote: string;
  readonly keyKnown: string;
  readonly name: string;
  readonly password: (least: number) => string;
  readonly claim: string;
}

export interface AddTexts {
  readonly title: string;
  readonly how: string;
  readonly demo: string;
  readonly demoNote: string;
  readonly demoOn: string;
  readonly demoRemove: (photos: number) => string;
  readonly demoGone: (photos: number) => string;
  readonly find: string;
  readonly findNote: string;
  readonly range: string;
  readonly rangeNote: string;
  readonly finding: (found: number) => string;
  readonly foundNone: string;
  readonly choose: string;
  readonly isAdded: string;
  readonly address: string;
  readonly addressNote: string;
  readonly user: string;
  readonly password: string;
  readonly account: string;
  readonly help: Readonly<Record<'tapo' | 'reolink' | 'hikvision' | 'dahua', string>>;
  readonly tryIt: string;
  readonly ownMachine: string;
  readonly trying: string;
  readonly verdicts: Readonly<Record<'ok' | 'warning' | 'failed' | 'not-tried', string>>;
  readonly checklist: string;
  readonly good: string;
  readonly bad: string;
  readonly save: string;
  readonly wave: (name: string) => string;
  readonly waveNote: string;
  readonly firstPhoto: string;
  readonly who: string;
  readonly whos: Readonly<Record<'me' | 'network' | 'anyone', string>>;
  readonly whoSaved: string;
  readonly done: string;
  readonly another: string;
}

export interface CamerasTexts {
  readonly setup: SetupTexts;
  readonly add: AddTexts;
  readonly oneCamera: OneCameraTexts;
  readonly report: ReportTexts;
  readonly settings: SettingsTexts;
  readonly seen: {
    readonly alt: (seconds: number) => string;
    readonly note: (seconds: number) => string;
    readonly downloadSet: (photos: number) => string;
  };
  readonly tabs: Readonly<Record<'live' | 'photos' | 'tune' | 'mask' | 'report' | 'settings', string>>;
  readonly tune: TuneTexts;
  readonly mask: MaskTexts;
}
