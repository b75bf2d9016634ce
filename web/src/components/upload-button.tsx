import { UploadIcon, XIcon } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button';

/** Opens the browser's own choice of one file, and shows how far that file is on its way. */
export function UploadButton({
  label,
  types,
  part,
  onFile,
  invalid,
  onStop,
}: {
  label: string;
  types: readonly string[];
  /** From 0 to 1. Null: no file is on its way. */
  part: number | null;
  onFile: (file: File) => void;
  invalid?: boolean;
  onStop: () => void;
}) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button variant="outline" data-invalid={invalid} disabled={part !== null} onClick={() => input.current?.click()}>
        <UploadIcon aria-hidden />
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={types.join(',')}
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
      {part !== null && (
        <>
          <progress aria-label={label} value={part} className="h-2 w-32" />
          <Button variant="ghost" size="icon" aria-label={t('common.cancel')} onClick={onStop}>
            <XIcon aria-hidden />
          </Button>
        </>
      )}
    </div>
  );
}
