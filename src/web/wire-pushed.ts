// What is shown of cameras that send by themselves. Types only.

import type { ContactState } from '../domain/contact.ts';
import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { SetupChoice, SetupDoor, SetupTerm } from '../domain/inbox-setup.ts';
import type { PushedFact } from './texts/inbox-type.ts';
import type { FilmView } from './wire-parts.ts';

export interface PushedFactView {
  readonly fact: PushedFact;
  readonly text: string;
  /** Where and when the camera said so. */
  readonly note: string | null;
}

export interface PushedView {
  readonly id: string;
  readonly name: string;
  readonly state: ContactState;
  readonly facts: readonly PushedFactView[];
  /** Percent of the month's budget; null: it has none. */
  readonly budgetShare: number | null;
  readonly refusal: { readonly moment: string; readonly text: string; readonly code: StillwatchErrorCode } | null;
  readonly latest: { readonly href: string; readonly time: string } | null;
  readonly photosToday: number;
  /** Where its settings are; null: not for whoever looks. */
  readonly setUp: string | null;
}

export interface InboxData {
  readonly cameras: readonly PushedView[];
}

export interface SetupFieldView {
  readonly term: SetupTerm;
  readonly text: string;
  /** To be typed letter by letter: it can be copied, and is not broken into words. */
  readonly isTyped: boolean;
}

export interface InboxCameraData {
  /** Kept lately, newest first. */
  readonly films: readonly FilmView[];
  readonly camera: PushedView;
  readonly doors: readonly { readonly door: SetupDoor; readonly fields: readonly SetupFieldView[] }[];
  /** When its last picture came; null: none yet. */
  readonly arrived: string | null;
}

/** As the API has it. Bytes; instants with the site's offset. */
export interface PushedCamera {
  readonly id: string;
  readonly name: string;
  readonly state: ContactState;
  readonly lastContact: string | null;
  readonly lastPicture: string | null;
  readonly nextExpected: string | null;
  readonly quietFrom: string | null;
  readonly pictures: number;
  readonly months: readonly { readonly period: string; readonly bytes: number; readonly pictures: number }[];
  readonly monthBudget: number | null;
  readonly report: Readonly<Record<string, string | number>>;
  readonly said: Readonly<Record<string, { readonly at: string; readonly from: string }>>;
  readonly refusal: { readonly at: string; readonly code: StillwatchErrorCode; readonly detail: string } | null;
}

/** What is typed into a camera; what is chosen from its menu has a `choice`. */
export interface DoorSetupView {
  readonly door: SetupDoor;
  readonly fields: readonly (
    | { readonly term: SetupTerm; readonly value: string }
    | { readonly term: SetupTerm; readonly choice: SetupChoice }
  )[];
}

/** Told once, when the key is made. */
export interface NewKeyView {
  readonly id: string;
  /** What it logs in as. */
  readonly user: string;
  /** null: it comes with the key of another camera. */
  readonly key: string | null;
  readonly awaitsRestart: boolean;
}
