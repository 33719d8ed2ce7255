// A page changed something by the API: what it is drawn from is asked for again.

const EVENT = 'stillwatch-changed';

export const tellChanged = (): void => {
  dispatchEvent(new Event(EVENT));
};

export const onChanged = (listener: () => void): void => addEventListener(EVENT, listener);
