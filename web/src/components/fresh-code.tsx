import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { onFreshCode } from '@/api/client';

const FreshCodeDialog = lazy(() =>
  import('./fresh-code-dialog').then((module) => ({ default: module.FreshCodeDialog })),
);

/** Asks for a code of the second factor when a call needs a fresh one. The call then goes on by itself. */
export function FreshCode() {
  const [isOpen, setOpen] = useState(false);
  const waiting = useRef<((shown: boolean) => void)[]>([]);
  useEffect(
    () =>
      onFreshCode(
        () =>
          new Promise((resolve) => {
            waiting.current.push(resolve);
            setOpen(true);
          }),
      ),
    [],
  );
  const end = (shown: boolean) => {
    setOpen(false);
    for (const resolve of waiting.current.splice(0)) resolve(shown);
  };
  if (!isOpen) return null;
  return (
    <Suspense>
      <FreshCodeDialog onEnd={end} />
    </Suspense>
  );
}
