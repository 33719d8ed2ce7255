// Name resolution for HTTP clients that goes through the guard.

import type { LookupFunction } from 'node:net';
import type { AddressGuard } from '../../ports/address-guard.ts';

/** The connection goes to the very addresses that were judged: a name cannot change its mind in between. */
export const guardedLookup =
  (guard: AddressGuard): LookupFunction =>
  (host, options, done) => {
    const find = async (): Promise<void> => {
      try {
        const all = await guard.pin(host);
        const [first] = all;
        if (options.all) done(null, [...all]);
        else done(null, first?.address ?? '', first?.family ?? 4);
      } catch (thrown) {
        done(thrown as NodeJS.ErrnoException, '');
      }
    };
    void find();
  };
