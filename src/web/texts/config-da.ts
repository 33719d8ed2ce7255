import type { ConfigTexts } from './config-type.ts';

export const configDa: ConfigTexts = {
  title: 'Indstillinger som fil',
  intro:
    'Alt, hvad stillwatch.yml siger, med dine kommentarer. Den ses efter, mens du skriver, og gemmes kun uden fejl.',
  text: 'stillwatch.yml',
  inForce: 'Dette er i kraft.',
  notInForce: 'Filen har fejl og er ikke i kraft. Kameraer, der var i orden, overvåges fortsat som før.',
  awaits: (keys) => `Får virkning ved næste start: ${keys}.`,
  problems: (count) => (count === 1 ? '1 fejl' : `${count} fejl`),
  line: (line) => `Linje ${line}`,
  noProblem: 'Ingen fejl.',
  touches: (cameras) => `Når du gemmer, åbnes disse kameraer på ny: ${cameras}.`,
  takesOut: (cameras) => `Når du gemmer, tages disse kameraer ud: ${cameras}. Deres billeder bliver.`,
  touchesNone: 'Intet kamera afbrydes, når du gemmer.',
  save: 'Gem',
  readAgain: 'Læs den igen',
  saved: 'Gemt og i kraft.',
};
