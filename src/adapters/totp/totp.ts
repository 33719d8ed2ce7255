// One-time codes (RFC 6238) as every authenticator app knows them: SHA-1, six digits, 30 s.

import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../../ports/login.ts';

const PERIOD_S = 30;
/** One period each way: clocks of telephones are a few seconds off, and people type slowly (RFC 6238 5.2). */
const WINDOW = 1;
/** 160 bits (RFC 4226 4, R6). */
const SECRET_BYTES = 20;
const ISSUER = 'Stillwatch';

const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({
    issuer: ISSUER,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });

export const oneTimeCodes = (): OneTimeCodes => ({
  newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
  uri: (secret, account) => totpOf(secret, account).toString(),
  period(secret, code, now) {
    const digits = code.replace(/\s/g, '');
    if (!/^\d{6}$/.test(digits)) return undefined;
    const delta = totpOf(secret, '').validate({ token: digits, timestamp: now, window: WINDOW });
    return delta === null ? undefined : Math.floor(now / 1000 / PERIOD_S) + delta;
  },
});
