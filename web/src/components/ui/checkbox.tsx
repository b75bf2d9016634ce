import { useEffect, useRef } from 'react';
import type * as React from 'react';
import { cn } from '@/lib/utils';

/** The browser's own box, which can also stand for “some of them”. */
export function Checkbox({ className, some = false, ...props }: React.ComponentProps<'input'> & { some?: boolean }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  return (
    <input
      ref={box}
      type="checkbox"
      data-slot="checkbox"
      className={cn('size-4 shrink-0 cursor-pointer accent-[var(--ring)]', className)}
      {...props}
    />
  );
}
