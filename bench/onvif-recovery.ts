// How soon a subscription is back after each fault, for every make: `tsx bench/onvif-recovery.ts [fault …]`.

import { PERSONA_NAMES } from '../src/simulator/onvif/persona.ts';
import { PASSING_FAULTS, type Recovery, recover } from '../test/support/onvif-recovery.ts';

const wanted = process.argv.slice(2);
const faults = PASSING_FAULTS.filter((fault) => wanted.length === 0 || wanted.includes(fault));

const rows: Recovery[] = [];
for (const fault of faults) {
  const row = await Promise.all(PERSONA_NAMES.map((make) => recover(make, fault)));
  rows.push(...row);
  const cells = row.map(({ after, left }) =>
    (after === undefined ? 'DEAD' : `${after}${left > 0 ? `+${left}` : ''}`).padStart(9),
  );
  console.log(fault.padEnd(28), ...cells, ` ${Math.round(Math.max(...row.map(({ rate }) => rate)))}/s`);
}
console.log(
  '(milliseconds after the fault’s end until motion is heard; +n: slots left at the camera; most requests a second)',
);
console.log(PERSONA_NAMES.join(' '));
const dead = rows.filter(({ after }) => after === undefined);
console.log(
  `${rows.length} pairs, ${dead.length} dead, most subscriptions at once ${Math.max(...rows.map(({ most }) => most))}`,
);
process.exit(dead.length === 0 ? 0 : 1);
