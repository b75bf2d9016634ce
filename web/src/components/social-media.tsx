// The pictures of a post, which the networks read from their addresses.

import { ArrowDownIcon, ArrowUpIcon, LinkIcon, XIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { MOST_MEDIA, type Media } from '@/lib/social';
import { Field } from './field';
import { Picture } from './picture';
import { Button } from './ui/button';
import { Input } from './ui/input';

export function MediaThumb({ media, className }: { media: Media | undefined; className: string }) {
  return <Picture url={media?.url} alt={media?.alt ?? ''} className={className} />;
}

export function SocialMedia({ value, onChange }: { value: Media[]; onChange: (value: Media[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [fault, setFault] = useState('');
  const [address, setAddress] = useState('');
  const change = (at: number, patch: Partial<Media>) => onChange(value.with(at, { ...value[at]!, ...patch }));
  const swap = (at: number, to: number) => onChange(value.with(at, value[to]!).with(to, value[at]!));
  const addAddress = () => {
    const url = address.trim();
    if (!url) return;
    if (!url.startsWith('https://')) return setFault(t('campaigns.targetHttps'));
    setFault('');
    onChange([...value, { url, alt: '' }]);
    setAddress('');
  };
  return (
    <div className="grid gap-3">
      {value.length > 0 && (
        <ol aria-label={t('social.media')} className="grid gap-2">
          {value.map((media, index) => {
            const name = media.alt || format.number(index + 1);
            return (
              <li key={`${media.url} ${index}`} className="flex items-start gap-2">
                <MediaThumb media={media} className="size-14 border" />
                <div className="min-w-0 grow">
                  <Input
                    aria-label={`${t('social.alt')} ${format.number(index + 1)}`}
                    placeholder={t('social.alt')}
                    maxLength={1000}
                    value={media.alt ?? ''}
                    onChange={(event) => change(index, { alt: event.target.value })}
                  />
                  {media.url && (
                    <p dir="ltr" className="mt-1 truncate text-xs text-muted-foreground">
                      {media.url}
                    </p>
                  )}
                </div>
                <span className="flex">
                  <Button
                    variant="ghost"
                    size="icon"
                    className="size-8"
                    disabled={index === 0}
                    aria-label={`${t('social.earlier')}: ${name}`}
                    onClick={() => swap(index, index - 1)}
                  >
                    <ArrowUpIcon aria-hidden />
                  </Button>
                  <Button
                    variant="ghost"
                    size="icon"
                    className="size-8"
                    disabled={index === value.length - 1}
                    aria-label={`${t('social.later')}: ${name}`}
                    onClick={() => swap(index, index + 1)}
                  >
                    <ArrowDownIcon aria-hidden />
                  </Button>
                  <Button
                    variant="ghost"
                    size="icon"
                    className="size-8"
                    aria-label={`${t('common.delete')}: ${name}`}
                    onClick={() => onChange(value.toSpliced(index, 1))}
                  >
                    <XIcon aria-hidden />
                  </Button>
                </span>
              </li>
            );
          })}
        </ol>
      )}
      {fault && (
        <p role="alert" className="text-sm text-destructive-text">
          {fault}
        </p>
      )}
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
  );
}
