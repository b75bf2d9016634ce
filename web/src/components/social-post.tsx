import { ExternalLinkIcon, GripVerticalIcon, InfoIcon } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { NETWORKS, type Content } from '@/lib/social';
import { cn } from '@/lib/utils';
import { DeleteButton, EditButton, RowButton } from './row-actions';
import { MediaThumb } from './social-media';
import { StateBadge } from './state-badge';

/** A post in the calendar. One that has not begun is dragged to another day, or carried there by its handle and the arrows. */
export function SocialPost({
  post,
  account,
  text,
  content,
  publication,
  isMoved,
  maySave,
  onDetails,
  onEdit,
  onCancel,
  onDrag,
  onPress,
}: {
  post: Schemas['SocialSchedule'];
  account: Schemas['SocialAccount'] | undefined;
  text: string;
  content: Content | undefined;
  publication: string | undefined;
  isMoved: boolean;
  maySave: boolean;
  onDetails: (publication: string) => void;
  onEdit: () => void;
  onCancel: () => Promise<unknown>;
  onDrag: (isDragged: boolean) => void;
  onPress: (event: KeyboardEvent) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const handle = useRef<HTMLButtonElement>(null);
  const isMovable = maySave && post.status === 'scheduled';
  // The handle of a post that is carried to another day is another element there, and keeps the focus.
  useEffect(() => {
    if (isMoved) handle.current?.focus();
  }, [isMoved]);
  return (
    <li
      draggable={isMovable}
      className={cn(
        'grid gap-1 rounded-md border bg-background p-2 text-xs',
        isMovable && 'cursor-grab',
        isMoved && 'border-ring opacity-70',
      )}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', post.id);
        onDrag(true);
      }}
      onDragEnd={() => onDrag(false)}
    >
      <span className="flex flex-wrap items-center gap-1 font-medium">
        {isMovable && (
          <button
            ref={handle}
            type="button"
            aria-label={`${t('social.move')}: ${text}`}
            aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Enter Escape"
            className="grid size-6 cursor-grab place-items-center rounded-sm text-muted-foreground"
            onKeyDown={onPress}
          >
            <GripVerticalIcon className="size-4" aria-hidden />
          </button>
        )}
        {format.clock(post.due_at)} <StateBadge state={post.status} />
      </span>
      <span className="text-muted-foreground">
        {NETWORKS[post.network]} · <bdi>{account?.name}</bdi>
      </span>
      <span className="flex gap-2">
        {content?.media[0] && <MediaThumb media={content.media[0]} className="size-8" />}
        <bdi className="line-clamp-3 min-w-0 break-words">{text}</bdi>
      </span>
      {post.error && <span className="line-clamp-3 break-words text-destructive-text">{post.error}</span>}
      <span className="flex flex-wrap">
        {post.permalink && (
          <a
            href={post.permalink}
            target="_blank"
            rel="noreferrer"
            aria-label={t('social.see')}
            className="grid size-8 place-items-center"
          >
            <ExternalLinkIcon className="size-4" aria-hidden />
          </a>
        )}
        {publication && (
          <RowButton words={t('social.details')} name={text} onClick={() => onDetails(publication)}>
            <InfoIcon aria-hidden />
          </RowButton>
        )}
        {maySave && (post.status === 'scheduled' || post.status === 'failed') && (
          <EditButton name={text} onClick={onEdit} />
        )}
        {isMovable && (
          <DeleteButton
            name={text}
            title={t('social.cancelTitle')}
            text={t('social.cancelText')}
            action={t('social.cancel')}
            onConfirm={onCancel}
          />
        )}
      </span>
    </li>
  );
}
