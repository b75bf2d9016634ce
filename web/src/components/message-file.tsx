// The file of a message.

import { useQuery } from '@tanstack/react-query';
import { DownloadIcon, FileTextIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

/** Less than the life of a link. */
const LINK_MS = 9 * 60_000;

/** Plays a recording or a video. A new link does not begin anew what is being played: it is taken when the old one fails. */
function Player({ kind, url, label }: { kind: 'audio' | 'video'; url: string; label: string }) {
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const [source, setSource] = useState(url);
  const reached = useRef(0);
  useEffect(() => {
    if (player.current?.paused && player.current.currentTime === 0) setSource(url);
  }, [url]);
  const One = kind;
  return (
    <One
      ref={player}
      controls
      preload="metadata"
      src={source}
      aria-label={label}
      className={kind === 'audio' ? 'mb-1 w-72 max-w-full' : 'mb-1 max-h-72 max-w-full rounded-md bg-black'}
      onError={() => {
        if (!player.current || source === url) return;
        reached.current = player.current.currentTime;
        setSource(url);
      }}
      onLoadedMetadata={() => {
        if (player.current && reached.current) player.current.currentTime = reached.current;
        reached.current = 0;
      }}
    />
  );
}

/** Whether this browser can play the type. Chromium plays neither AMR nor 3GPP. */
function plays(kind: 'audio' | 'video', mime: string | null | undefined) {
  return Boolean(mime && document.createElement(kind).canPlayType(mime));
}

export function MessageFile({ media }: { media: Schemas['MessageMedia'] }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
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
  if ((kind === 'audio' || kind === 'video') && plays(kind, media.mime))
    return <Player kind={kind} url={link.url} label={label} />;
  return (
    <a
      href={link.url}
      download={label}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={t('attach.download', { name: label })}
      className="mb-1 flex items-center gap-3 rounded-md border border-current/30 p-2"
    >
      <FileTextIcon className="size-6 shrink-0" aria-hidden />
      <span className="min-w-0 grow">
        <bdi className="block font-medium break-all">{label}</bdi>
        {media.bytes != null && <span className="text-xs opacity-80">{format.bytes(media.bytes)}</span>}
      </span>
      <DownloadIcon className="size-4 shrink-0" aria-hidden />
    </a>
  );
}
