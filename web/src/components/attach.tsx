// Files beside a text: chosen by a button, pasted, or dropped.

import { FileTextIcon, ImageIcon, MusicIcon, PaperclipIcon, UploadIcon, VideoIcon, XIcon } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { KINDS, kindOf, mostBytes, type Kind, type Sending } from '@/lib/upload';
import { Button } from './ui/button';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from './ui/dropdown-menu';

const ICONS = { image: ImageIcon, video: VideoIcon, audio: MusicIcon, document: FileTextIcon, sticker: ImageIcon };

/** Takes files up to a count. The refusal says why a file was not taken. */
export function useFiles(files: File[], onFiles: (files: File[]) => void, most: number) {
  const { t } = useTranslation();
  const format = useFormat();
  const [refusal, setRefusal] = useState('');
  return {
    refusal,
    add: (added: Iterable<File>) => {
      const faults: string[] = [];
      const taken = [...files];
      for (const file of added) {
        const name = file.name;
        const limit = mostBytes(file);
        if (file.size === 0) faults.push(t('attach.empty', { name }));
        else if (file.size > limit) faults.push(t('attach.tooLarge', { name, most: format.bytes(limit) }));
        else if (taken.length === most) faults.push(t('attach.tooMany', { most: format.number(most) }));
        else taken.push(file);
      }
      setRefusal([...new Set(faults)].join(' '));
      if (taken.length > files.length) onFiles(taken);
    },
    remove: (file: File) => {
      setRefusal('');
      onFiles(files.filter((one) => one !== file));
    },
  };
}

/** For the element that takes files which are dropped on it. */
export function useDrop(onFiles: ((files: Iterable<File>) => void) | undefined) {
  const [isOver, setOver] = useState(false);
  const bears = (event: DragEvent) => onFiles && event.dataTransfer.types.includes('Files');
  return {
    isOver,
    zone: {
      onDragOver: (event: DragEvent) => {
        if (!bears(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        if (!bears(event)) return;
        event.preventDefault();
        onFiles?.(event.dataTransfer.files);
      },
    },
  };
}

/** Lies over the element of `useDrop`, which is its positioned parent. */
export function DropHint() {
  const { t } = useTranslation();
  return (
    <div className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center gap-2 rounded-md border-2 border-dashed border-ring bg-card/90 font-medium">
      <UploadIcon className="size-5" aria-hidden />
      {t('attach.drop')}
    </div>
  );
}

/** The kinds of files with their limits. Each opens the browser's own choice. */
export function AttachButton({ onFiles, disabled }: { onFiles: (files: Iterable<File>) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const choose = (kind: Kind) => {
    if (!input.current) return;
    input.current.accept = KINDS[kind].types.join(',');
    input.current.click();
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="sm" variant="ghost" disabled={disabled}>
            <PaperclipIcon aria-hidden />
            {t('attach.file')}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start">
          {(Object.keys(KINDS) as Kind[]).map((kind) => {
            const Icon = ICONS[kind];
            return (
              <DropdownMenuItem key={kind} onSelect={() => choose(kind)}>
                <Icon aria-hidden />
                <span>
                  {t(`inbox.media.${kind}`)}
                  <span className="block text-xs text-muted-foreground">
                    {t(`attach.limits.${kind}`, { most: format.bytes(KINDS[kind].most) })}
                  </span>
                </span>
              </DropdownMenuItem>
            );
          })}
        </DropdownMenuContent>
      </DropdownMenu>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('attach.file')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}

/** A picture as a small one. The policy of the page allows no address of a blob, but the data itself. */
function Thumb({ file }: { file: File }) {
  const [data, setData] = useState<string>();
  useEffect(() => {
    const reader = new FileReader();
    reader.onload = () => setData(reader.result as string);
    reader.readAsDataURL(file);
    return () => reader.abort();
  }, [file]);
  return data ? (
    <img src={data} alt="" className="size-10 shrink-0 rounded-sm object-cover" />
  ) : (
    <span className="size-10 shrink-0" />
  );
}

export function Attached({
  files,
  sending,
  isLocked,
  fault,
  onRemove,
  onStop,
}: {
  files: File[];
  sending: Sending | null;
  /** They are on their way. */
  isLocked: boolean;
  fault: string;
  onRemove: (file: File) => void;
  onStop: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {files.length > 0 && (
        <ul aria-label={t('attach.files')} className="grid gap-1">
          {files.map((file, index) => {
            const kind = kindOf(file);
            const Icon = ICONS[kind];
            const part = sending?.file === file ? sending.part : undefined;
            return (
              <li key={index} className="flex items-center gap-3 rounded-md border bg-background p-2 text-sm">
                {kind === 'image' || kind === 'sticker' ? (
                  <Thumb file={file} />
                ) : (
                  <Icon className="m-2.5 size-5 shrink-0 text-muted-foreground" aria-hidden />
                )}
                <span className="grid min-w-0 grow gap-1">
                  <bdi className="truncate font-medium">{file.name}</bdi>
                  {part === undefined ? (
                    <span className="text-xs text-muted-foreground">
                      {t(`inbox.media.${kind}`)} · {format.bytes(file.size)}
                    </span>
                  ) : (
                    <progress
                      className="h-2 w-full accent-[var(--ring)]"
                      aria-label={t('attach.sending', { name: file.name })}
                      value={part}
                    />
                  )}
                </span>
                {(!isLocked || part !== undefined) && (
                  <Button
                    variant="ghost"
                    size="icon"
                    className="size-8"
                    aria-label={
                      part !== undefined
                        ? t('attach.stop', { name: file.name })
                        : t('attach.remove', { name: file.name })
                    }
                    onClick={() => (part === undefined ? onRemove(file) : onStop())}
                  >
                    <XIcon aria-hidden />
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {fault && (
        <p role="alert" className="text-sm text-destructive-text">
          {fault}
        </p>
      )}
    </>
  );
}
