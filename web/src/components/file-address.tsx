import { UploadIcon, XIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { useFormat } from '@/lib/format';
import { HEADER_FILES, type HeaderFile, useUploads } from '@/lib/upload';
import { Field } from './field';
import { useReason } from './states';
import { Button } from './ui/button';
import { Input } from './ui/input';

/** The file above a message: at an address elsewhere, or uploaded here. */
export function FileAddress({
  kind,
  value,
  error,
  onChange,
}: {
  kind: HeaderFile;
  value: string;
  error?: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const show = useFormat();
  const reason = useReason();
  const input = useRef<HTMLInputElement>(null);
  // Other fields may change while the file is on its way.
  const newest = useRef(onChange);
  newest.current = onChange;
  const { sending, stop, upload } = useUploads();
  const [fault, setFault] = useState('');
  const leave = useRef(stop);
  leave.current = stop;
  useEffect(() => () => leave.current(), []);
  const { types, most } = HEADER_FILES[kind];
  const add = async (file: File | undefined) => {
    if (!file) return;
    setFault('');
    if (!types.some((one) => one === file.type)) return setFault(t(`templates.faults.file.${kind}`));
    if (file.size > most) return setFault(t('attach.tooLarge', { name: file.name, most: show.bytes(most) }));
    try {
      const stored = await upload(file);
      if (!stored) return;
      const path = { id: stored.id };
      const { url } = await answer(api.POST('/api/v1/media/{id}/publish', { params: { path } }));
      newest.current(url);
    } catch (problem) {
      setFault(reason(problem));
    }
  };
  return (
    <div className="grid gap-2">
      <Field label={t('campaigns.headerLink')} hint={t('campaigns.headerLinkHint')} error={fault || error}>
        <Input
          type="url"
          dir="ltr"
          maxLength={2000}
          value={value}
          onChange={(event) => {
            setFault('');
            onChange(event.target.value);
          }}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="outline" size="sm" disabled={sending !== null} onClick={() => input.current?.click()}>
          <UploadIcon aria-hidden />
          {t('campaigns.headerUpload')}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept={types.join(',')}
          aria-label={t('campaigns.headerUpload')}
          onChange={(event) => {
            void add(event.target.files?.[0]);
            // The same file can be chosen again.
            event.target.value = '';
          }}
        />
        {sending && (
          <>
            <progress
              aria-label={t('attach.sending', { name: sending.file.name })}
              value={sending.part}
              className="h-2 w-32"
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('attach.stop', { name: sending.file.name })}
              onClick={stop}
            >
              <XIcon aria-hidden />
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
