// A post as people see it on each network, with the network's limits.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import {
  faultsFor,
  hashtagsIn,
  isVideo,
  lengthOf,
  LIMITS,
  NETWORKS,
  ratioFits,
  shownOf,
  textFor,
  type Media,
  type Network,
  type Written,
} from '@/lib/social';
import { cn } from '@/lib/utils';
import { MediaThumb, useMediaUrl } from './social-media';

/** A picture in the ratio in which Instagram shows it: one that is wider or narrower is refused. */
function Shown({ media, network, onRatio }: { media: Media; network: Network; onRatio: (ratio: number) => void }) {
  const url = useMediaUrl(media);
  if (!url || isVideo(media)) return <MediaThumb media={media} className="aspect-square w-full rounded-none" />;
  return (
    <img
      src={url}
      alt={media.alt ?? ''}
      className={cn('w-full bg-muted object-cover', network === 'instagram' ? 'max-h-96' : 'max-h-80')}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => onRatio(naturalWidth / naturalHeight)}
    />
  );
}

export function SocialPreview({ written, network, name }: { written: Written; network: Network; name?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [ratios, setRatios] = useState<Record<string, number>>({});
  const text = textFor(written, network);
  const { text: shown, isCut } = shownOf(text, network);
  const limits = LIMITS[network];
  const faults = faultsFor(written, network, t, format.number);
  const keyOf = (media: Media) => media.media_id ?? media.url ?? '';
  const isOdd = written.media.some((media) => {
    const ratio = ratios[keyOf(media)];
    return ratio !== undefined && !ratioFits(ratio, network);
  });
  const [first, ...rest] = written.media;
  const length = lengthOf(text);
  const tags = hashtagsIn(text);
  const words = shown && (
    <p className="px-3 break-words whitespace-pre-wrap">
      <bdi>
        {network === 'instagram' && <strong>{name ?? 'instagram'} </strong>}
        {shown}
      </bdi>
      {isCut && <span className="text-muted-foreground">… {t('social.more')}</span>}
    </p>
  );
  const picture = first && (
    <div className="relative">
      <Shown
        media={first}
        network={network}
        onRatio={(ratio) => setRatios((before) => ({ ...before, [keyOf(first)]: ratio }))}
      />
      {rest.length > 0 && (
        <span className="absolute end-2 top-2 rounded-full bg-black/70 px-2 py-0.5 text-xs text-white">
          {`${format.number(1)} / ${format.number(rest.length + 1)}`}
        </span>
      )}
    </div>
  );
  return (
    <figure aria-label={NETWORKS[network]} className="grid content-start gap-2">
      <div className="overflow-hidden rounded-lg border bg-background text-sm">
        <div className="flex items-center gap-2 p-3">
          <span
            aria-hidden
            className={cn('size-7 rounded-full', network === 'instagram' ? 'bg-fuchsia-600' : 'bg-blue-600')}
          />
          <span className="min-w-0">
            <bdi className="block truncate font-semibold">{name ?? NETWORKS[network]}</bdi>
            <span className="block text-xs text-muted-foreground">{NETWORKS[network]}</span>
          </span>
        </div>
        {network === 'instagram' ? (
          <div className="grid gap-2 pb-3">
            {picture}
            {words}
          </div>
        ) : (
          <div className="grid gap-2">
            {words}
            {picture}
            {!picture && <span className="pb-1" />}
          </div>
        )}
        {rest.length > 0 && (
          <div className="flex gap-1 overflow-x-auto p-2">
            {rest.map((media) => (
              <MediaThumb key={keyOf(media)} media={media} className="size-12" />
            ))}
          </div>
        )}
      </div>
      <figcaption className="grid gap-1 text-xs">
        <span className="flex flex-wrap gap-x-4 text-muted-foreground">
          <span className={cn(length > limits.text && 'font-semibold text-destructive-text')}>
            {t('social.characters', { count: length, shown: format.number(length), most: format.number(limits.text) })}
          </span>
          {limits.hashtags !== Infinity && (
            <span className={cn(tags > limits.hashtags && 'font-semibold text-destructive-text')}>
              {t('social.hashtags', { shown: format.number(tags), most: format.number(limits.hashtags) })}
            </span>
          )}
        </span>
        {faults.map((fault) => (
          <span key={fault.words} role="alert" className="text-destructive-text">
            {fault.words}
          </span>
        ))}
        {isOdd && (
          <span role="alert" className="text-destructive-text">
            {t('social.faults.ratio')}
          </span>
        )}
      </figcaption>
    </figure>
  );
}
