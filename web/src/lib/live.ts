import { useEffect, useRef } from 'react';

const LIVE_MS = 3_000;

/** Calls `read` whenever the conversations may have changed. A clock tells it: the app does not read the API's stream of events yet. */
export function useLive(read: () => Promise<unknown>) {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let isReading = false;
    const clock = setInterval(() => {
      // On a slow line, one answer comes before the next question. A failed one is asked again.
      if (isReading || document.visibilityState !== 'visible') return;
      isReading = true;
      void latest
        .current()
        .catch(() => undefined)
        .finally(() => (isReading = false));
    }, LIVE_MS);
    return () => clearInterval(clock);
  }, []);
}
