// Units as types: passing a duration where an instant is wanted does not compile.

declare const unit: unique symbol;

/** A duration in milliseconds. */
export type Ms = number & { readonly [unit]: 'ms' };
/** Milliseconds since 1970-01-01T00:00Z by the system's clock; it may jump. */
export type EpochMs = number & { readonly [unit]: 'epoch-ms' };
/** Milliseconds on a clock that never jumps; only differences mean anything. */
export type MonoMs = number & { readonly [unit]: 'mono-ms' };

export const ms = (value: number): Ms => value as Ms;
export const seconds = (value: number): Ms => (value * 1000) as Ms;
export const epochMs = (value: number): EpochMs => value as EpochMs;
export const monoMs = (value: number): MonoMs => value as MonoMs;

/** One moment on both clocks: `mono` decides durations, `wall` names files and is shown to people. */
export interface Instant {
  readonly mono: MonoMs;
  readonly wall: EpochMs;
}

export const later = <T extends EpochMs | MonoMs>(at: T, by: Ms): T => (at + by) as T;
export const between = <T extends EpochMs | MonoMs>(from: T, to: T): Ms => (to - from) as Ms;

/** The instant `by` after (or, if negative, before) `at`, on both clocks. */
export const shift = (at: Instant, by: Ms): Instant => ({ mono: later(at.mono, by), wall: later(at.wall, by) });
