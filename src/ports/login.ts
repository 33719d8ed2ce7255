import type { Secret } from '../domain/secret.ts';
import type { EpochMs } from '../domain/units.ts';

/** Slow on purpose, one at a time. */
export interface PasswordHasher {
  hash(password: Secret): Promise<string>;
  /**
   * `outdated`: right, and worth hashing anew. Takes as long for an account that does not exist (`stored` undefined).
   * @throws StillwatchError SW_LOGIN_BUSY when too many wait
   */
  check(password: Secret, stored: string | undefined): Promise<'wrong' | 'right' | 'outdated'>;
}

/** Time-based one-time codes (RFC 6238): six digits, 30 s. */
export interface OneTimeCodes {
  /** Base32. */
  newSecret(): string;
  /** `otpauth://totp/…` for the authenticator app. */
  uri(secret: string, account: string): string;
  /** The period whose code it is, at most one away from now; undefined: wrong. */
  period(secret: string, code: string, now: EpochMs): number | undefined;
}
