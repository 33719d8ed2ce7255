import type { ConfigTexts } from './config-type.ts';

export const configEn: ConfigTexts = {
  title: 'Settings as a file',
  intro:
    'Everything that stillwatch.yml says, with your comments. It is looked at while you write, and saved only without mistakes.',
  text: 'stillwatch.yml',
  inForce: 'This is in force.',
  notInForce: 'The file has mistakes and is not in force. Cameras that were fine are watched on, as they were.',
  awaits: (keys) => `Takes effect at the next start: ${keys}.`,
  problems: (count) => (count === 1 ? '1 mistake' : `${count} mistakes`),
  line: (line) => `Line ${line}`,
  noProblem: 'No mistake.',
  touches: (cameras) => `Saving opens these cameras anew: ${cameras}.`,
  takesOut: (cameras) => `Saving takes these cameras out: ${cameras}. Their photos stay.`,
  touchesNone: 'Saving interrupts no camera.',
  save: 'Save',
  readAgain: 'Read it again',
  saved: 'Saved, and in force.',
};
