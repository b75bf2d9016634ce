import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(width < 40rem)');

/** Whether the window is as narrow as a phone. */
export function useIsNarrow() {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
