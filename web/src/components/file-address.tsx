import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { useFormat } from '@/lib/format';
import { HEADER_FILES, type HeaderFile, useUploads } from '@/lib/upload';
import { Field } from './field';
import { useReason } from './states';
import { Input } from './ui/input';
import { UploadButton } from './upload-button';

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
  // Other fields may change while the file is on its way.
  const newest = useRef(onChange);
  newest.current = onChange;
  const { sending, stop, upload } = useUploads();
  const [fault, setFault] = useState('');
  const leave = useRef(stop);
  leave.current = stop;
  useEffect(() => () => leave.current(), []);
  const { types, most } = HEADER_FILES[kind];
  const add = async (file: File) => {
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
      <UploadButton
        label={t('campaigns.headerUpload')}
        types={types}
        part={sending && sending.part}
        onFile={(file) => void add(file)}
        onStop={stop}
      />
    </div>
  );
}
