import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, telling } from '@/api/client';
import { useFormat } from '@/lib/format';
import type { Sample } from '@/lib/template-draft';
import { HEADER_FILES, type HeaderFile } from '@/lib/upload';
import { DropHint, useDrop } from './attach';
import { Fault } from './fault';
import { Picture } from './picture';
import { useReason } from './states';
import { UploadButton } from './upload-button';

const NAME_CHARS = 240;
const PICTURE_PIXELS = 480;

/** A small copy of an image, for the preview. */
async function pictureOf(file: File) {
  if (!file.type.startsWith('image/')) return '';
  const image = await createImageBitmap(file);
  const scale = Math.min(1, PICTURE_PIXELS / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(image.width * scale), Math.ceil(image.height * scale)];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}

/** Gives Meta's reviewers a sample of the file that stands above a message. */
export function TemplateFile({
  format,
  channel,
  value,
  error,
  onChange,
}: {
  format: HeaderFile;
  channel: string;
  value: Sample | null;
  error?: string;
  onChange: (value: Sample | null) => void;
}) {
  const { t } = useTranslation();
  const show = useFormat();
  const reason = useReason();
  const control = useRef<AbortController>(null);
  // Other fields may change while the file is on its way.
  const newest = useRef(onChange);
  newest.current = onChange;
  const [part, setPart] = useState<number | null>(null);
  const [fault, setFault] = useState('');
  const { types, most } = HEADER_FILES[format];
  useEffect(() => () => control.current?.abort(), []);
  const add = async (file: File | undefined) => {
    if (!file || part !== null) return;
    setFault('');
    if (!channel) return setFault(t('templates.faults.channelFirst'));
    if (!types.some((one) => one === file.type)) return setFault(t(`templates.faults.file.${format}`));
    if (file.size > most) return setFault(t('attach.tooLarge', { name: file.name, most: show.bytes(most) }));
    const own = new AbortController();
    control.current = own;
    setPart(0);
    try {
      const picture = await pictureOf(file);
      const { handle } = await answer(
        api.POST('/api/v1/templates/samples', {
          params: { query: { channel_id: channel, file_name: file.name.slice(-NAME_CHARS) } },
          body: [],
          bodySerializer: () => file,
          headers: { 'content-type': file.type },
          fetch: telling(setPart),
          signal: own.signal,
        }),
      );
      newest.current({ handle, name: file.name, picture });
    } catch (problem) {
      if (!own.signal.aborted) setFault(reason(problem));
    } finally {
      setPart(null);
    }
  };
  const drop = useDrop((files) => void add([...files][0]));
  return (
    <div {...drop.zone} role="group" aria-label={t('templates.fields.sample')} className="relative grid gap-2">
      {drop.isOver && <DropHint />}
      <p className="text-sm font-medium">{t('templates.fields.sample')}</p>
      <p className="text-xs text-muted-foreground">
        {t(`templates.rules.file.${format}`, { most: show.bytes(most) })} {t('templates.rules.file.why')}
      </p>
      {value && (
        <p role="status" className="flex items-center gap-3 text-sm">
          <Picture url={value.picture} className="size-12 border" />
          <bdi className="min-w-0 break-all">{value.name || t('templates.fileThere')}</bdi>
        </p>
      )}
      <UploadButton
        label={t(value ? 'templates.fileAnother' : 'templates.fileAdd')}
        types={types}
        part={part}
        invalid={Boolean(error)}
        onFile={(file) => void add(file)}
        onStop={() => control.current?.abort()}
      />
      <Fault>{fault || error}</Fault>
    </div>
  );
}
