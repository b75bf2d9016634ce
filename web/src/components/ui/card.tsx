import type * as React from 'react';
import { cn } from '@/lib/utils';

/** It is the frame of what only screen readers see in it: a wide table in a card would else widen the page. */
export function Card({ className, ...props }: React.ComponentProps<'section'>) {
  return (
    <section
      data-slot="card"
      className={cn('relative rounded-md border bg-card p-4 text-card-foreground shadow-xs sm:p-6', className)}
      {...props}
    />
  );
}

export function CardTitle({ className, ...props }: React.ComponentProps<'h2'>) {
  return <h2 data-slot="card-title" className={cn('mb-4 text-xl font-semibold', className)} {...props} />;
}
