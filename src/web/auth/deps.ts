// What logging in needs from the composition root. It names no adapter.

import type { AccountPolicy } from '../../domain/account.ts';
import type { IpBlock } from '../../domain/address-policy.ts';
import { type LoginThrottle, newThrottle } from '../../domain/login-throttle.ts';
import type { Accounts } from '../../ports/accounts.ts';
import type { OneTimeCodes, PasswordHasher } from '../../ports/login.ts';

export interface AuthDeps {
  readonly accounts: Accounts;
  readonly passwords: PasswordHasher;
  readonly codes: OneTimeCodes;
  readonly policy: AccountPolicy;
  /** Proxies whose `X-Forwarded-For` and `-Proto` are believed (`TRUST_PROXY`). */
  readonly trustProxy: readonly IpBlock[];
  /** Wrong logins of this run of the program. */
  readonly throttle: { state: LoginThrottle };
}

export const authDeps = (parts: Omit<AuthDeps, 'throttle'>): AuthDeps => ({
  ...parts,
  throttle: { state: newThrottle },
});
