import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { contactNameQuery, useWorkspaceId } from '@/lib/queries';
import { Skeleton } from './ui/skeleton';

export function ContactName({ id, link = false }: { id: string; link?: boolean }) {
  const name = useQuery(contactNameQuery(useWorkspaceId(), id));
  if (name.isPending) return <Skeleton className="inline-block h-4 w-28" />;
  const shown = <bdi>{name.data ?? '–'}</bdi>;
  if (!link) return shown;
  return (
    <Link to="/contacts/$id" params={{ id }} className="text-primary-text underline-offset-4 hover:underline">
      {shown}
    </Link>
  );
}
