import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failed } from './states';
import { Card, CardTitle } from './ui/card';
import { Skeleton } from './ui/skeleton';

/** A short list in a card of its own. */
export function ListCard<T>({
  title,
  query,
  none,
  row,
  list,
  more,
  tall = false,
}: {
  title: string;
  query: UseQueryResult<{ items: T[] }>;
  none: string;
  /** The items stand below each other, unless `list` shows all of them in another way. */
  row?: (item: T) => ReactNode;
  list?: (items: T[]) => ReactNode;
  more?: ReactNode;
  /** It leaves room for a full list while it waits. */
  tall?: boolean;
}) {
  return (
    <Card aria-label={title}>
      <CardTitle className="flex items-center justify-between gap-2">
        {title}
        {more && <span className="shrink-0">{more}</span>}
      </CardTitle>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton className={tall ? 'h-48' : 'h-16'} />
      ) : query.data.items.length === 0 ? (
        <p className="text-sm text-muted-foreground">{none}</p>
      ) : (
        (list?.(query.data.items) ?? <ul className="divide-y">{query.data.items.map((item) => row?.(item))}</ul>)
      )}
    </Card>
  );
}
