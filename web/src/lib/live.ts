import { useEffect, useRef } from 'react';

const LIVE_MS = 3_000;

/** Calls `read` whenever the conversations may have changed. The API tells nobody yet, so a clock stands for it. */
export function useLive(read: () => unknown) {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const clock = setInterval(() => {
      if (document.visibilityState === 'visible') latest.current();
    }, LIVE_MS);
    return () => clearInterval(clock);
  }, []);
}
