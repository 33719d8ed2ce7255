// The key that a camera delivers with: short enough to be typed on its screen, long enough not to be guessed.

import { randomInt } from 'node:crypto';

/** Without the letters that are taken for one another on a camera’s screen; 20 of 55 are 115 bits. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const KEY_LETTERS = 20;

export const newDeliveryKey = (): string =>
  Array.from({ length: KEY_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('');
