// What the screens of one camera, of tuning and of setting up are drawn from. Types only.

import type { Corner, WholeSensitivity } from '../domain/drawn-areas.ts';
import type { FactView, PhotoView, TileView } from './wire-parts.ts';

export interface TickView {
  readonly atMs: number;
  readonly text: string;
}

/** Hours that the graph of the past may show. */
export type TuneHours = 24 | 168 | 336;

/** An area as it is drawn in the editor; masks and zones have their names apart. */
export interface AreaDraft {
  readonly kind: 'mask' | 'zone';
  readonly name: string;
  readonly isOn: boolean;
  readonly sensitivity: WholeSensitivity;
  readonly polygon: readonly Corner[];
}

export interface TuneData {
  readonly camera: string;
  readonly name: string;
  /** What areas are drawn on. */
  readonly latest: PhotoView | null;
  /** By the clock at the site. */
  readonly ticks: Readonly<Record<`${TuneHours}`, readonly TickView[]>>;
}

/** A camera in the list of all. */
export interface CameraCard {
  readonly tile: TileView;
  readonly facts: readonly CameraFact[];
}

export type CameraTab = 'live' | 'report' | 'settings';

/** A line of what is known; `isBad`: it wants something done. */
export interface CameraFact extends FactView {
  readonly isBad?: true;
}

export interface CameraData {
  readonly tab: CameraTab;
  readonly tile: TileView;
  /** How it is seen and heard: streams, events, agreement, misses, clock. */
  readonly facts: readonly CameraFact[];
  /** Who it is by its own account; only for those who may configure. */
  readonly identity: readonly FactView[];
  readonly recent: readonly PhotoView[];
}

/** The first page of all: who owns this Stillwatch. */
export interface SetupData {
  /** Characters of a password, at least. */
  readonly passwordLength: number;
  /** What was typed, when it was refused. */
  readonly name: string;
  readonly trouble: string | null;
}

export interface AddData {
  /** The camera that was just added: it is waved at. */
  readonly added: TileView | null;
  readonly isDemoOn: boolean;
  /** False: this program has no demo camera to give. */
  readonly hasDemo: boolean;
  readonly demoPhotos: number;
}

/** A camera's own clock, asked over the network. */
export interface CameraClockView {
  readonly at: string;
  /** Milliseconds; above zero it is ahead of ours. */
  readonly offsetMs: number;
  readonly isRight: boolean;
  /** `Manual` or `NTP`, as the camera says it. */
  readonly setBy: string | null;
  readonly zone: string | null;
  readonly ntp: readonly string[];
}
