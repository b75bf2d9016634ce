import { useCallback, useState } from 'react';

/** What this browser keeps for a person. Private windows may keep nothing, and that is no fault. */
export function useKept<T>(key: string, usual: T) {
  const [value, setValue] = useState<T>(() => {
    try {
      return { ...usual, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<T>) };
    } catch {
      return usual;
    }
  });
  const keep = useCallback(
    (change: (before: T) => T) =>
      setValue((before) => {
        const next = change(before);
        try {
          localStorage.setItem(key, JSON.stringify(next));
        } catch {
          // It holds until the page is left.
        }
        return next;
      }),
    [key],
  );
  return [value, keep] as const;
}
