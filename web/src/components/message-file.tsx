// The file of a message.

import { useQuery } from '@tanstack/react-query';
import { PaperclipIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useWorkspaceId } from '@/lib/queries';

/** Less than the life of a link. */
const LINK_MS = 9 * 60_000;

export function MessageFile({ media }: { media: Schemas['MessageMedia'] }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const { id, kind, state } = media;
  // Each reading of the messages brings a new link. The file keeps its first one, and so is not loaded again.
  const link = useQuery({
    queryKey: [workspace, 'media-link', id],
    queryFn: () => answer(api.POST('/api/v1/media/{id}/link', { params: { path: { id } } })),
    initialData: media.link ?? undefined,
    staleTime: LINK_MS,
    refetchInterval: LINK_MS,
    enabled: state === 'stored',
  }).data;
  if (state !== 'stored') return <p className="mb-1 text-xs opacity-80">{t(`inbox.media.${state}`)}</p>;
  if (!link) return null;
  const label = media.name ?? t(`inbox.media.${kind}`);
  if (kind === 'image' || kind === 'sticker')
    return (
      <a href={link.url} target="_blank" rel="noopener noreferrer">
        <img src={link.url} alt={label} loading="lazy" className="mb-1 max-h-64 rounded-md" />
      </a>
    );
  // The app's own pages may play nothing: a recording or a video opens in a tab of its own.
  return (
    <a
      href={link.url}
      target="_blank"
      rel="noopener noreferrer"
      className="mb-1 flex items-center gap-1 text-sm font-medium underline"
    >
      <PaperclipIcon className="size-4 shrink-0" aria-hidden />
      <bdi className="break-all">{label}</bdi>
    </a>
  );
}
