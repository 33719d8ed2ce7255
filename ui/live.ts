// Keeps a page up to date: listens to the live events, fetches the page again when something changed, and puts in what differs.
// The server draws; nothing is drawn twice. Without this script every page is complete, only not live.

import { countDown } from './countdown.ts';
import { connect } from './events.ts';
import { refresher } from './refresh.ts';

const refresh = refresher();
const ring = countDown();

const showLost = (isLost: boolean): void => {
  const note = document.getElementById('lost');
  if (note) note.hidden = !isLost;
  document.documentElement.classList.toggle('is-lost', isLost);
};

connect({
  onClock: (nowMs) => ring.serverTime(nowMs),
  onCamera: (change) => {
    if (!change.isOnlyCountdown || !ring.move(change)) refresh();
  },
  onStill: () => refresh(),
  // After a break anything may have happened: the page itself is the truth.
  onBack: () => refresh(),
  onLost: showLost,
});
