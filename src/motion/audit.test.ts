import { describe, expect, it } from 'vitest';
import { aged, folded } from '../domain/audit.ts';
import { auditVerdict } from './audit.ts';

describe('what follows from an audit', () => {
  it.each([
    ['nothing known', 0, 0, { share: 0.03, gate: 1, wantsCareful: false }],
    ['little known', 50, 0, { share: 0.03, gate: 1, wantsCareful: false }],
    ['some known', 100, 0, { share: 0.02, gate: 1, wantsCareful: false }],
    ['much known', 250, 0, { share: 0.01, gate: 1, wantsCareful: false }],
    ['well known, no miss', 400, 0, { share: 0.005, gate: 1, wantsCareful: false }],
    ['well known, one miss', 400, 1, { share: 0.01, gate: 1, wantsCareful: false }],
    ['some misses', 200, 8, { share: 0.1, gate: 0.5, wantsCareful: false }],
    ['hopeless', 100, 30, { share: 0.1, gate: 0.5, wantsCareful: true }],
  ])('%s', (_, looked, missed, verdict) => {
    expect(auditVerdict({ looked, missed })).toEqual(verdict);
  });

  it('forgets half of what it saw when it saw much, so that a camera may recover', () => {
    let audit = { looked: 1999, missed: 400 };
    audit = aged(folded(audit, false));
    expect(audit).toEqual({ looked: 1000, missed: 200 });
    for (let look = 0; look < 10_000; look++) audit = aged(folded(audit, false));
    expect(auditVerdict(audit).wantsCareful).toBe(false);
  });
});
