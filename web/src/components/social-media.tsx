// The pictures and videos of a post: uploaded, or read by the networks from an address.

import { useQuery } from '@tanstack/react-query';
import { ArrowDownIcon, ArrowUpIcon, LinkIcon, UploadIcon, VideoIcon, XIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { asJpeg, fileLinkQuery, isVideo, MOST_MEDIA, type Media } from '@/lib/social';
import { mostBytes, useUploads } from '@/lib/upload';
import { cn } from '@/lib/utils';
import { DropHint, useDrop } from './attach';
import { Field } from './field';
import { Picture } from './picture';
import { RowButton } from './row-actions';
import { useReason } from './states';
import { Button } from './ui/button';
import { Input } from './ui/input';

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'video/mp4'];

/** Where the browser reads a file of a post. */
export function useMediaUrl(media: Media | undefined) {
  const workspace = useWorkspaceId();
  const id = media?.media_id ?? '';
  const link = useQuery({ ...fileLinkQuery(workspace, id), enabled: id !== '' }).data;
  return id ? link?.url : media?.url;
}

export function MediaThumb({ media, className }: { media: Media | undefined; className: string }) {
  const url = useMediaUrl(media);
  const video = media && isVideo(media);
  return (
    <Picture
      url={video ? null : url}
      alt={media?.alt ?? ''}
      icon={video ? VideoIcon : undefined}
      className={className}
    />
  );
}

export function SocialMedia({ value, onChange }: { value: Media[]; onChange: (value: Media[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const input = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState('');
  const [address, setAddress] = useState('');
  const { sending, stop, upload } = useUploads();
  const newest = useRef(value);
  newest.current = value;
  const put = (media: Media[]) => {
    newest.current = media;
    onChange(media);
  };
  const add = async (files: File[]) => {
    setFault('');
    const faults: string[] = [];
    for (const chosen of files) {
      const { name } = chosen;
      try {
        if (newest.current.length >= MOST_MEDIA) {
          faults.push(t('attach.tooMany', { most: format.number(MOST_MEDIA) }));
          break;
        }
        if (!TYPES.includes(chosen.type)) {
          faults.push(t('social.mediaType', { name }));
          continue;
        }
        const file = await asJpeg(chosen);
        if (!file) {
          faults.push(t('social.mediaBroken', { name }));
          continue;
        }
        const limit = mostBytes(file);
        if (file.size > limit) {
          faults.push(t('attach.tooLarge', { name, most: format.bytes(limit) }));
          continue;
        }
        const stored = await upload(file);
        if (!stored) break;
        put([...newest.current, { media_id: stored.id, mime: stored.mime, alt: '' }]);
      } catch (error) {
        faults.push(`${name}: ${reason(error)}`);
      }
    }
    setFault(faults.join(' '));
  };
  const drop = useDrop((files) => void add([...files]));
  const change = (at: number, patch: Partial<Media>) => put(value.with(at, { ...value[at]!, ...patch }));
  const swap = (at: number, to: number) => put(value.with(at, value[to]!).with(to, value[at]!));
  const addAddress = () => {
    const url = address.trim();
    if (!url) return;
    if (!url.startsWith('https://')) return setFault(t('campaigns.targetHttps'));
    setFault('');
    put([...value, { url, alt: '' }]);
    setAddress('');
  };
  return (
    <div {...drop.zone} className={cn('relative grid gap-3 rounded-md', drop.isOver && 'min-h-24')}>
      {drop.isOver && <DropHint />}
      {value.length > 0 && (
        <ol aria-label={t('social.media')} className="grid gap-2">
          {value.map((media, index) => {
            const name = media.alt || format.number(index + 1);
            return (
              <li key={media.media_id ?? `${media.url} ${index}`} className="flex items-start gap-2">
                <MediaThumb media={media} className="size-14 border" />
                <div className="min-w-0 grow">
                  <Input
                    aria-label={`${t('social.alt')} ${format.number(index + 1)}`}
                    placeholder={t('social.alt')}
                    maxLength={1000}
                    value={media.alt ?? ''}
                    onChange={(event) => change(index, { alt: event.target.value })}
                  />
                  {media.url && !media.media_id && (
                    <p dir="ltr" className="mt-1 truncate text-xs text-muted-foreground">
                      {media.url}
                    </p>
                  )}
                </div>
                <span className="flex">
                  <RowButton
                    words={t('social.earlier')}
                    name={name}
                    disabled={index === 0}
                    onClick={() => swap(index, index - 1)}
                  >
                    <ArrowUpIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('social.later')}
                    name={name}
                    disabled={index === value.length - 1}
                    onClick={() => swap(index, index + 1)}
                  >
                    <ArrowDownIcon aria-hidden />
                  </RowButton>
                  <RowButton words={t('common.delete')} name={name} onClick={() => put(value.toSpliced(index, 1))}>
                    <XIcon aria-hidden />
                  </RowButton>
                </span>
              </li>
            );
          })}
        </ol>
      )}
      {sending && (
        <div className="flex items-center gap-3 text-sm">
          <bdi className="max-w-40 truncate">{sending.file.name}</bdi>
          <progress
            className="h-2 grow accent-[var(--ring)]"
            aria-label={t('attach.sending', { name: sending.file.name })}
            max={1}
            value={sending.part}
          />
          <Button variant="ghost" size="sm" aria-label={t('attach.stop', { name: sending.file.name })} onClick={stop}>
            {t('common.cancel')}
          </Button>
        </div>
      )}
      {fault && (
        <p role="alert" className="text-sm text-destructive-text">
          {fault}
        </p>
      )}
      <div className="flex flex-wrap items-end gap-3">
        <Button
          variant="outline"
          disabled={Boolean(sending) || value.length >= MOST_MEDIA}
          onClick={() => input.current?.click()}
        >
          <UploadIcon aria-hidden />
          {t('social.upload')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={TYPES.join(',')}
          aria-label={t('social.upload')}
          onChange={(event) => {
            void add([...(event.target.files ?? [])]);
            // The same file can be chosen again.
            event.target.value = '';
          }}
        />
        <div className="flex min-w-0 grow items-end gap-2">
          <div className="min-w-0 grow">
            <Field label={t('social.address')}>
              <Input
                type="url"
                dir="ltr"
                maxLength={2000}
                value={address}
                onChange={(event) => setAddress(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter') return;
                  event.preventDefault();
                  addAddress();
                }}
              />
            </Field>
          </div>
          <Button
            variant="outline"
            size="icon"
            disabled={!address.trim() || value.length >= MOST_MEDIA}
            aria-label={t('social.addressAdd')}
            onClick={addAddress}
          >
            <LinkIcon aria-hidden />
          </Button>
        </div>
      </div>
    </div>
  );
}
